import axios from "axios";
import { READY_PATH } from "../../../../keycloak-image/settings.ts";
import type { EnvironmentOnAws } from "../../../../environments/schema/on-aws.ts";
import { startCommands } from "../../backup/hints.ts";
import { UserError } from "../../errors.ts";
import { pause } from "../../pause.ts";
import type { Say } from "../../terminal/task-list.ts";
import type { AwsContext, StepTask } from "../step.ts";
import { followRollout } from "./rollout.ts";

/** Milliseconds in which a new DNS record gets around, and the load balancer takes its first targets. */
const PATIENCE = 5 * 60_000;

/** Milliseconds between two questions. */
const INTERVAL = 3_000;

/** Waits until the service is steady, with its events, and until Keycloak answers where people will ask it. */
export function serviceTask({ environment, signal }: AwsContext): StepTask {
  return {
    step: "service",
    title: "Keycloak's tasks",
    async run(say) {
      if (environment.aws.service.desiredCount === 0)
        throw new UserError(
          `aws.service.desiredCount of environments/${environment.name}.ts is 0: Keycloak is stopped, and its realm ` +
            "cannot be made. Set it to 1 or more for the rest.",
        );
      const { runningCount, desiredCount } = await followRollout(environment, { signal, say });
      if (desiredCount === 0) throw new UserError(isStopped(environment));
      await untilAnswers(environment, signal, say);
      return `${runningCount} run, and answer at ${environment.keycloak.url}`;
    },
  };
}

/**
 * Waits until the realm of administrators answers at the environment's URL.
 * @throws UserError that says what stands in the way: no DNS record, an address that is not let in, no healthy target
 */
async function untilAnswers(environment: EnvironmentOnAws, signal: AbortSignal, say: Say): Promise<void> {
  const url = new URL(READY_PATH, environment.keycloak.url).href;
  const end = Date.now() + PATIENCE;
  for (;;) {
    const answer = await axios
      .get<string>(url, { validateStatus: () => true, timeout: 10_000, maxRedirects: 0, signal })
      .catch((error: unknown) => (axios.isAxiosError(error) ? (error.code ?? error.message) : String(error)));
    signal.throwIfAborted();
    if (typeof answer === "object" && answer.status === 200) return;
    if (typeof answer === "object" && answer.status === 403) throw new UserError(notLetIn(environment));
    const what = typeof answer === "object" ? `HTTP ${answer.status}` : answer;
    if (Date.now() >= end) throw new UserError(whyNot(environment, what));
    say.doing(`${environment.keycloak.url} answers ${what} so far`);
    await pause(INTERVAL, signal);
  }
}

/** Terraform leaves the count to the autoscaling, and so to whoever has stopped the tasks, as for a restore. */
function isStopped(environment: EnvironmentOnAws): string {
  const [start, scale] = startCommands(environment);
  return `Keycloak is stopped: its desired count on AWS is 0. Start it, then go on:\n  ${start}\n  ${scale}`;
}

function notLetIn({ name, aws }: EnvironmentOnAws): string {
  const ranges = aws.adminCidrs.length > 0 ? aws.adminCidrs.join(", ") : "nobody";
  return (
    "The load balancer lets this machine's address not reach the administration (403); the realm cannot be made from here. " +
    `aws.adminCidrs of environments/${name}.ts lets in: ${ranges}. Add the address that you come from, and run ` +
    `npm run deploy -- ${name} --from keycloak, which tells the load balancer; or go on from an address that is let in.`
  );
}

function whyNot({ name, keycloak, aws }: EnvironmentOnAws, what: string): string {
  const { hostname } = new URL(keycloak.url);
  if (what === "ENOTFOUND" || what === "EAI_AGAIN")
    return aws.loadBalancer.zone
      ? `${hostname} is not in the DNS yet, as this machine sees it (${what}). Its record is made: it may take minutes to ` +
          `get around. Is the zone delegated to Route 53's name servers? npm run doctor -- ${name} looks.`
      : `${hostname} is not in the DNS (${what}). Make a CNAME record of it that points to the load balancer: its name is ` +
          `the output load_balancer_dns_name of npx cdktf output ${name}-keycloak.`;
  return (
    `Keycloak runs, but ${keycloak.url} does not answer as it should: ${what}. Does ${hostname} point to this ` +
    `environment's load balancer? npm run status -- ${name} shows its targets.`
  );
}
