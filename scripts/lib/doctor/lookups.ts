import { DescribeRegionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import type { Service } from "@aws-sdk/client-ecs";
import type { LoadBalancer } from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetHostedZoneCommand, Route53Client, type GetHostedZoneResponse } from "@aws-sdk/client-route-53";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { askAws, clientOptions, undefinedOn } from "../aws/ask.ts";
import { describeLoadBalancer } from "../aws/load-balancer.ts";
import { describeService } from "../aws/service.ts";
import { imageState, type ImageState } from "../image/build.ts";

/** Who the credentials are. */
export interface Identity {
  /** 12 digits. */
  readonly account: string;
  readonly arn: string;
}

/** A Region that every account has: asked where the environment's own does not know the credentials. */
const ALWAYS_ENABLED = "us-east-1";

/** How AWS answers credentials in a Region that the account has not enabled. */
const UNKNOWN_HERE = ["AuthFailure", "InvalidClientTokenId", "UnrecognizedClientException", "OptInRequired"];

/** What several checks ask AWS; each question is asked once. All throw UserError where AWS refuses. */
export class Lookups {
  private readonly answers = new Map<string, Promise<unknown>>();

  constructor(
    private readonly environment: EnvironmentOnAws,
    private readonly signal: AbortSignal,
  ) {}

  /** Account and ARN of the credentials. */
  identity(): Promise<Identity> {
    return this.once("identity", () =>
      askAws("sts:GetCallerIdentity", this.signal, async () => {
        const ask = (region: string) =>
          new STSClient(clientOptions(region)).send(new GetCallerIdentityCommand({}), { abortSignal: this.signal });
        const { region } = this.environment.aws;
        const { Account, Arn } = await ask(region).catch((error: unknown) => {
          if (region === ALWAYS_ENABLED || !UNKNOWN_HERE.includes((error as Error).name)) throw error;
          return ask(ALWAYS_ENABLED);
        });
        return { account: Account!, arn: Arn! };
      }),
    );
  }

  /** Whether the account has the environment's Region. */
  regionIsEnabled(): Promise<boolean> {
    return this.once("region", async () => {
      await this.identity();
      const { region } = this.environment.aws;
      const request = new DescribeRegionsCommand({ RegionNames: [region], AllRegions: true });
      const answer = await askAws(
        "ec2:DescribeRegions",
        this.signal,
        undefinedOn(UNKNOWN_HERE, () =>
          new EC2Client(clientOptions(region)).send(request, { abortSignal: this.signal }),
        ),
      );
      const found = answer?.Regions?.[0];
      return found !== undefined && found.OptInStatus !== "not-opted-in";
    });
  }

  /**
   * Whether the rest of the account is worth a look: the credentials are good, of the right account, and the Region is
   * enabled (as far as that is known).
   */
  accountIsRight(): Promise<boolean> {
    return this.once("account", async () => {
      const { accountId } = this.environment.aws;
      const [identity, enabled] = await Promise.allSettled([this.identity(), this.regionIsEnabled()]);
      if (identity.status === "rejected") return false;
      if (accountId && identity.value.account !== accountId) return false;
      return enabled.status === "rejected" || enabled.value;
    });
  }

  /** The environment's service; undefined where it is not deployed. */
  service(): Promise<Service | undefined> {
    return this.once("service", () => describeService(this.environment, this.signal));
  }

  /** The environment's load balancer; undefined where there is none yet. */
  loadBalancer(): Promise<LoadBalancer | undefined> {
    return this.once("load-balancer", () => describeLoadBalancer(this.environment, this.signal));
  }

  /** What of the image is in ECR. */
  image(): Promise<ImageState> {
    return this.once("image", () => imageState(this.environment, this.signal));
  }

  /** The hosted zone that the environment names; undefined where there is none of that id. */
  hostedZone(): Promise<GetHostedZoneResponse | undefined> {
    const { region, loadBalancer } = this.environment.aws;
    return this.once("hosted-zone", () => {
      const client = new Route53Client(clientOptions(region));
      const request = new GetHostedZoneCommand({ Id: loadBalancer.zone!.id });
      return askAws(
        "route53:GetHostedZone",
        this.signal,
        undefinedOn(["NoSuchHostedZone"], () => client.send(request, { abortSignal: this.signal })),
      );
    });
  }

  private once<Answer>(question: string, ask: () => Promise<Answer>): Promise<Answer> {
    const asked = this.answers.get(question) ?? ask();
    this.answers.set(question, asked);
    return asked as Promise<Answer>;
  }
}
