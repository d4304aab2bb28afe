import { ModifyDBClusterCommand, RDSClient, type DBCluster } from "@aws-sdk/client-rds";
import { namePrefix } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { askAws, clientOptions } from "../aws/ask.ts";
import { describeDatabase } from "../aws/database.ts";
import { UserError } from "../errors.ts";
import { pause } from "../pause.ts";
import type { RotationOptions } from "./rotation.ts";

/** While a cluster takes a new password. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html */
const TAKES_PASSWORD = "resetting-master-credentials";

const LOOK_MS = 2_000;
const SETTLE_MS = 30_000;
const FIFTEEN_MINUTES = 15 * 60_000;

/** The Aurora cluster of an environment, as far as its master password is concerned. */
export class DatabaseCluster {
  readonly identifier: string;
  private readonly rds: RDSClient;

  constructor(
    private readonly environment: EnvironmentOnAws,
    private readonly options: RotationOptions,
  ) {
    this.identifier = namePrefix(environment.name);
    this.rds = new RDSClient(clientOptions(environment.aws.region));
  }

  /**
   * Makes sure that the cluster can take a password.
   * @param resumes whether it may be taking one already
   * @throws UserError where there is none, it is busy, or AWS itself rotates its password
   */
  async check(resumes: boolean): Promise<void> {
    const { Status: status, MasterUserSecret: managed } = await this.describe();
    if (managed)
      throw new UserError(
        `The password of the database ${this.identifier} is managed by AWS (Secrets Manager: ${managed.SecretArn}), which ` +
          "is not how this project makes it. Switch that off first, or let AWS rotate it.",
      );
    if (status === "available" || (resumes && status === TAKES_PASSWORD)) return;
    throw new UserError(
      `The database ${this.identifier} in ${this.environment.aws.region} is "${status}", not "available": wait until it is, then run the command again.`,
    );
  }

  /** Gives it a password; the same one once more does no harm. It is asked for only: see {@link waitForPassword}. */
  async setPassword(password: string): Promise<void> {
    const request = new ModifyDBClusterCommand({
      DBClusterIdentifier: this.identifier,
      MasterUserPassword: password,
      ApplyImmediately: true,
    });
    const { signal } = this.options;
    await askAws("rds:ModifyDBCluster", signal, () => this.rds.send(request, { abortSignal: signal }), {
      InvalidDBClusterStateFault: `The database ${this.identifier} is busy, and takes no password now: wait until it is available.`,
    });
  }

  /**
   * Waits until it has taken a password that it was given. AWS may call the cluster available for some seconds before
   * it begins.
   * @param update gets what it is doing
   */
  async waitForPassword(update: (text: string) => void): Promise<void> {
    const { signal, intervalMs = LOOK_MS, settleMs = SETTLE_MS, timeoutMs = FIFTEEN_MINUTES } = this.options;
    const began = Date.now();
    for (let seen = false; ;) {
      const { Status: status, PendingModifiedValues: pending } = await this.describe();
      const waits = status !== "available" || pending?.MasterUserPassword !== undefined;
      const passed = Date.now() - began;
      if (!waits && (seen || passed >= settleMs)) return;
      if (passed >= timeoutMs)
        throw new UserError(
          `The database ${this.identifier} has not taken its new password after ${Math.round(passed / 60_000)} minutes: it is "${status}".`,
        );
      seen ||= waits;
      update(waits ? `${status}` : "not begun yet");
      await pause(intervalMs, signal);
    }
  }

  private async describe(): Promise<DBCluster> {
    const cluster = await describeDatabase(this.environment, this.options.signal, this.rds);
    if (cluster) return cluster;
    const { name, aws } = this.environment;
    throw new UserError(
      `There is no database "${this.identifier}" in ${aws.region}: npm run deploy -- ${name} makes it.`,
    );
  }
}
