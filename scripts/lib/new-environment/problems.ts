import { CERTIFICATE_ARN, DOMAIN } from "../../../environments/schema/aws/load-balancer.ts";
import { checkEnvironment } from "../../../environments/schema/explain.ts";
import { environmentSchema } from "../../../environments/schema/index.ts";
import { contentOf, hostOf, type Choices } from "./choices.ts";
import { flagOf } from "./flags.ts";

/** What the schema refuses about a choice. */
export interface Problem {
  /** Where it was chosen, such as `--region`. */
  readonly flag: string;
  /** The value, and what is allowed. */
  readonly message: string;
}

/** Names of files in `environments/` that are no environment. */
const TAKEN = new Set(["template", "index", "schema"]);

/**
 * What is wrong with the choices so far, by the rules of the schema. What nobody has chosen yet is filled with
 * something that fits the rest, so that the rules that compare two settings speak too.
 */
export function problemsOf(choices: Choices): Problem[] {
  const own = ownProblems(choices);
  const settled = new Set(own.map(({ flag }) => flag));
  // No zone fits a host such as https://auth/auth; that is no fault of a zone that nobody has chosen.
  if (choices.zoneName === undefined) settled.add("--zone-name");
  const result = checkEnvironment(environmentSchema, contentOf(withStandIns(choices)));
  const errors = "errors" in result ? result.errors : [];
  const fromSchema = errors.map((error) => problem(error, choices)).filter(({ flag }) => !settled.has(flag));
  return [...own, ...fromSchema];
}

/** What only this command must refuse. */
function ownProblems({ name, domain }: Choices): Problem[] {
  const problems: Problem[] = [];
  if (TAKEN.has(name))
    problems.push({
      flag: "<name>",
      message: `"${name}" is no environment's name: environments/ needs it itself, choose another`,
    });
  if (domain !== undefined && !DOMAIN.test(domain))
    problems.push({
      flag: "--domain",
      message:
        `${JSON.stringify(domain)} must be a domain in lower case, such as "auth.example.com"` +
        (domain.includes("/") ? "; a whole address goes with --url" : ""),
    });
  return problems;
}

/** Takes an error of {@link checkEnvironment} apart: `setting: message`. */
function problem(error: string, choices: Choices): Problem {
  const [setting, message] = [error.slice(0, error.indexOf(": ")), error.slice(error.indexOf(": ") + 2)];
  const hint = /^mcpServers\[\d+\]\.scope$/.test(setting) && message.startsWith("is missing");
  return {
    flag: flagOf(setting, choices),
    message: hint ? "names no scope, and only the first server has a default: write <url>=mcp:other" : message,
  };
}

function withStandIns(choices: Choices): Choices {
  const { domain, url, zoneId, zoneName, certificateArn } = choices;
  const zoned = zoneId !== undefined || zoneName !== undefined;
  const standInHost = zoneName !== undefined && DOMAIN.test(zoneName) ? `auth.${zoneName}` : "auth.example.com";
  const region = choices.region ?? CERTIFICATE_ARN.exec(certificateArn ?? "")?.[1] ?? "us-east-1";
  const known = (domain !== undefined && DOMAIN.test(domain)) || url !== undefined;
  return {
    ...choices,
    ...(known ? {} : { domain: standInHost }),
    mcpServers: choices.mcpServers?.length ? choices.mcpServers : ["https://mcp-server.example.com/mcp"],
    region,
    ...(zoned || certificateArn === undefined
      ? {
          zoneId: zoneId ?? "Z0123456789ABCDEFGHIJ",
          zoneName: zoneName ?? (known ? (hostOf(choices) ?? "example.com") : standInHost),
        }
      : {}),
  };
}
