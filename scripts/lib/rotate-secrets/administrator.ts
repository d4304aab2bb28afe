import { BOOTSTRAP_ADMIN } from "../../../constructs/ecs/container.ts";
import { secretNames } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { SecretStore } from "../aws/secrets.ts";
import { UserError } from "../errors.ts";
import { LoginRefused } from "../keycloak/login-refused.ts";
import { pause } from "../pause.ts";
import type { Step } from "../terminal/steps.ts";
import { AdminAccount } from "./account.ts";
import { SecretExchange } from "./exchange.ts";
import type { Rotation, RotationOptions, RotationResult } from "./rotation.ts";
import { tellingState, type Tell } from "./state.ts";

/**
 * Two refused logins within a second lock an account where brute-force protection is on.
 * https://www.keycloak.org/docs/latest/server_admin/#password-guess-brute-force-attacks
 */
const SECOND_TRY_MS = 1_200;

/** Keycloak's words for a wrong password; others are about the account, and hold for every password. */
const WRONG_PASSWORD = /invalid user credentials/i;

/**
 * Finds out whether the administrator's password can be exchanged, and which of the stored ones is valid: logs in, and
 * changes nothing. One login is refused at the most, unless none of the two is valid.
 * @param goOn the command that goes on after an interruption
 * @throws UserError where nobody can log in, with what to do
 */
export async function prepareAdministrator(
  environment: EnvironmentOnAws,
  goOn: string,
  options: RotationOptions,
): Promise<Rotation> {
  const { name, aws, keycloak } = environment;
  const store = new SecretStore(aws.region, options.signal);
  const exchange = await SecretExchange.read(store, secretNames(name).adminPassword, `npm run deploy -- ${name}`);
  const { account, password } = await logIn(environment, exchange, options);
  return {
    secret: "admin",
    resumes: exchange.next !== undefined,
    consequences: [
      `The administrator ${BOOTSTRAP_ADMIN} of ${keycloak.url} gets a new password, and is logged out everywhere.`,
    ],
    carryOut: (step) =>
      tellingState(goOn, (tell) => carryOut({ exchange, account, password, signal: options.signal }, step, tell)),
  };
}

/** Tries the next value first: an interruption between writing it down and giving it to Keycloak is the rarer one. */
async function logIn(environment: EnvironmentOnAws, exchange: SecretExchange, options: RotationOptions) {
  const { signal, secondTryMs = SECOND_TRY_MS } = options;
  const passwords = new Set([exchange.next, exchange.current].filter((value) => value !== undefined));
  let reason: string | undefined;
  for (const password of passwords) {
    if (reason) await pause(secondTryMs, signal);
    try {
      return { account: await AdminAccount.logIn(environment.keycloak.url, password, signal), password };
    } catch (error) {
      if (!(error instanceof LoginRefused)) throw error;
      ({ reason } = error);
      if (!WRONG_PASSWORD.test(reason)) break;
    }
  }
  throw nobody(environment, exchange, reason!);
}

interface Work {
  readonly exchange: SecretExchange;
  /** Logged in with the password that is valid. */
  readonly account: AdminAccount;
  readonly password: string;
  readonly signal: AbortSignal;
}

async function carryOut(work: Work, step: Step, tell: Tell): Promise<RotationResult> {
  const { exchange, password, signal } = work;
  const { parameter, nextParameter } = exchange;
  const resumed = exchange.next !== undefined;
  let { account } = work;

  if (password !== exchange.next) {
    tell(`Keycloak has the password in ${parameter}.`);
    const next = exchange.next ?? (await step(`Write a new password into ${nextParameter}`, () => exchange.begin()));
    tell(`Keycloak has the password in ${parameter} or the one in ${nextParameter}.`);
    account = await step("Set it in Keycloak, and log in with it", () => account.change(next, signal));
  }
  tell(`Keycloak has the password in ${nextParameter}, which may be in ${parameter} as well by now.`);
  await step(`Write it into ${parameter}`, () => exchange.replace());
  tell(`The new password is in ${parameter}; older sessions may be left.`);
  await step("End all sessions", () => account.logOutEverywhere());
  tell(`The new password is in ${parameter}; ${nextParameter} may be left.`);
  await step(`Remove ${nextParameter}`, () => exchange.end());
  return {
    secret: "admin",
    parameter,
    resumed,
    outcome: [`The administrator ${BOOTSTRAP_ADMIN} has a new password, and was logged out everywhere.`],
  };
}

function nobody({ name, aws, keycloak }: EnvironmentOnAws, exchange: SecretExchange, reason: string): UserError {
  const { parameter, nextParameter, next, current } = exchange;
  const stored = [...(current ? [parameter] : []), ...(next ? [nextParameter] : [])].join(" and ");
  return new UserError(
    [
      `Keycloak at ${keycloak.url} refuses to log in ${BOOTSTRAP_ADMIN} with what SSM in ${aws.region} holds ` +
        `(${stored}): ${reason}. Nothing was changed. Somebody has deleted the account, disabled it, changed its ` +
        "password or given it a second factor. What to do:",
      `  It was replaced by personal accounts: there is nothing to exchange. npm run rotate-secrets -- ${name} --only database`,
      `  The password is known to somebody: put it into ${parameter}, then run the command again.`,
      "  Nobody gets in any more: set aws.service.exec, deploy, and make an administrator with kc.sh bootstrap-admin in a " +
        "task (aws ecs execute-command): https://www.keycloak.org/server/bootstrap-admin-recovery",
    ].join("\n"),
  );
}
