import { AWS_REGIONS } from "../../../environments/schema/aws-regions.ts";
import { CERTIFICATE_ARN, DOMAIN } from "../../../environments/schema/aws/load-balancer.ts";
import type { Prompt } from "../terminal/prompt.ts";
import { hostOf, type Choices } from "./choices.ts";
import { problemsOf } from "./problems.ts";

interface Question {
  /** What is asked, without a colon. */
  readonly text: string;
  /** What an empty answer means; shown in brackets. @default an answer is needed */
  readonly fallback?: string;
  /** What an empty answer does, in words, where it leaves the setting out. */
  readonly none?: string;
  /** Puts an answer in its place. */
  readonly answer: (text: string) => Partial<Choices>;
}

/**
 * Asks for what was not given as a flag. Each answer is checked at once, by the schema's rules and against the choices
 * before it, and asked for again until it is right.
 * @param given choices that {@link problemsOf} has nothing against
 * @param variables where AWS's tools keep their Region
 */
export async function askMissing(
  given: Choices,
  prompt: Prompt,
  variables: NodeJS.ProcessEnv = process.env,
): Promise<Choices> {
  let choices = given;
  /** @returns whether something was chosen */
  const ask = async ({ text, fallback, none, answer }: Question): Promise<boolean> => {
    const default_ = fallback ?? none;
    for (;;) {
      const typed = (await prompt.ask(`${text}${default_ === undefined ? "" : ` [${default_}]`}: `)) || fallback;
      if (!typed && none !== undefined) return false;
      if (!typed) {
        prompt.say("  An answer is needed.");
        continue;
      }
      const next = { ...choices, ...answer(typed) };
      const problems = problemsOf(next);
      if (problems.length === 0) {
        choices = next;
        return true;
      }
      problems.forEach(({ message }) => prompt.say(`  ${message}`));
    }
  };

  if (choices.domain === undefined && choices.url === undefined) await ask(addressQuestion(choices));
  if (!choices.mcpServers?.length) {
    await ask({
      text: "URL of the MCP server, exactly as clients enter it, such as https://mcp-server.example.com/mcp",
      answer: (text) => ({ mcpServers: [text] }),
    });
    const another: Question = {
      text: "Another MCP server, as URL=scope",
      none: "none",
      answer: (text) => ({ mcpServers: [...choices.mcpServers!, text] }),
    };
    while (await ask(another));
  }
  if (choices.realmOnly) return choices;

  if (choices.region === undefined)
    await ask({
      text: "AWS Region",
      fallback: likelyRegion(choices, variables),
      answer: (region) => ({ region }),
    });
  if (choices.zoneId === undefined && (choices.zoneName !== undefined || choices.certificateArn === undefined))
    await ask({
      text:
        choices.zoneName === undefined
          ? "Id of the Route 53 zone of that domain, or the ARN of an ACM certificate for it"
          : `Id of the Route 53 zone ${choices.zoneName}`,
      answer: (text) => (text.startsWith("arn:") ? { certificateArn: text } : { zoneId: text }),
    });
  if (choices.zoneId !== undefined && choices.zoneName === undefined)
    await ask({ text: "Domain of that zone", fallback: likelyZone(choices), answer: (zoneName) => ({ zoneName }) });
  if (choices.stage === undefined)
    await ask({
      text: "Stage, production or development (cheap and unprotected)",
      fallback: "production",
      answer: (stage) => ({ stage }),
    });
  if (choices.adminCidrs === undefined)
    await ask({
      text: "Who reaches the admin console, such as 203.0.113.0/24, with commas between several",
      none: "nobody",
      answer: (text) => ({ adminCidrs: text.split(/[\s,]+/).filter(Boolean) }),
    });
  if (choices.alarmEmail === undefined)
    await ask({
      text: "Who is mailed when an alarm goes off",
      none: "nobody",
      answer: (alarmEmail) => ({ alarmEmail }),
    });
  return choices;
}

function addressQuestion({ realmOnly, zoneName }: Choices): Question {
  if (realmOnly)
    return {
      text: "Address of Keycloak, such as https://auth.example.com/auth",
      answer: (url) => ({ url }),
    };
  return {
    text: `Domain of Keycloak, such as auth.${zoneName ?? "example.com"}`,
    answer: (text) => (text.includes("://") ? { url: text } : { domain: text }),
  };
}

/** The Region of the certificate, or the one that AWS's own tools would use. */
function likelyRegion({ certificateArn }: Choices, variables: NodeJS.ProcessEnv): string {
  const candidates = [
    CERTIFICATE_ARN.exec(certificateArn ?? "")?.[1],
    variables.AWS_REGION,
    variables.AWS_DEFAULT_REGION,
  ];
  return candidates.find((region) => (AWS_REGIONS as readonly (string | undefined)[]).includes(region)) ?? "us-east-1";
}

/** `auth.example.com` is most likely in the zone `example.com`. */
function likelyZone(choices: Choices): string | undefined {
  const host = hostOf(choices) ?? "";
  const parent = host.slice(host.indexOf(".") + 1);
  return [parent, host].find((name) => DOMAIN.test(name));
}
