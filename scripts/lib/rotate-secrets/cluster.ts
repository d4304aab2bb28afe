import { DescribeDBClustersCommand, ModifyDBClusterCommand, RDSClient, type DBCluster } from "@aws-sdk/client-rds";
import { namePrefix } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../stacks/aws-stack.ts";
import { askAws, clientOptions } from "../aws/ask.ts";
import { pause } from "../aws/pause.ts";
import { UserError } from "../errors.ts";
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
  private readonly name: string;
  private readonly region: string;

  constructor(
    { name, aws }: EnvironmentOnAws,
    private readonly options: RotationOptions,
  ) {
    this.name = name;
    this.region = aws.region;
    this.identifier = namePrefix(name);
    this.rds = new RDSClient(clientOptions(aws.region));
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
      `The database ${this.identifier} in ${this.region} is "${status}", not "available": wait until it is, then run the command again.`,
    );
  }

  /** Gives it a password; the same one once more does no harm. It is asked for only: see {@link waitForPassword}. */
  async setPassword(password: string): Promise<void> {
    const request = new ModifyDBClusterCommand({
      DBClusterIdentifier: this.identifier,
      MasterUserPassword: password,
      ApplyImmediately: true,
    });
    await this.ask("rds:ModifyDBCluster", () => this.rds.send(request, this.http), {
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
    const missing = `There is no database "${this.identifier}" in ${this.region}: npm run deploy -- ${this.name} makes it.`;
    const request = new DescribeDBClustersCommand({ DBClusterIdentifier: this.identifier });
    const { DBClusters } = await this.ask("rds:DescribeDBClusters", () => this.rds.send(request, this.http), {
      DBClusterNotFoundFault: missing,
    });
    if (DBClusters?.[0]) return DBClusters[0];
    throw new UserError(missing);
  }

  private get http() {
    return { abortSignal: this.options.signal };
  }

  private ask<Answer>(action: string, request: () => Promise<Answer>, known: Readonly<Record<string, string>>) {
    return askAws(action, this.options.signal, request, known);
  }
}
