import { DescribeRegionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import type { Service } from "@aws-sdk/client-ecs";
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  type LoadBalancer,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetHostedZoneCommand, Route53Client, type GetHostedZoneResponse } from "@aws-sdk/client-route-53";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { namePrefix } from "../../../constructs/names.ts";
import { contentTag } from "../../../keycloak-image/content.ts";
import { imageRecipe } from "../../../keycloak-image/recipe.ts";
import type { EnvironmentOnAws } from "../../../stacks/aws-stack.ts";
import { askAws, clientOptions } from "../aws/ask.ts";
import { describeService } from "../aws/service.ts";

/** Who the credentials are. */
export interface Identity {
  /** 12 digits. */
  readonly account: string;
  readonly arn: string;
}

/** The environment's image in ECR. */
export interface ImageState {
  readonly repository: "there" | "missing";
  readonly image: "there" | "missing";
  /** The tag or digest that a deployment looks for. */
  readonly wanted: string;
  /** The environment names it, so that nothing builds it. */
  readonly pinned: boolean;
}

/** A Region that every account has: asked where the environment's own does not know the credentials. */
const ALWAYS_ENABLED = "us-east-1";

/** How AWS answers credentials in a Region that the account has not enabled. */
const UNKNOWN_HERE = new Set(["AuthFailure", "InvalidClientTokenId", "UnrecognizedClientException", "OptInRequired"]);

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
          if (region === ALWAYS_ENABLED || !UNKNOWN_HERE.has((error as Error).name)) throw error;
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
      return askAws("ec2:DescribeRegions", this.signal, async () => {
        try {
          const { Regions } = await new EC2Client(clientOptions(region)).send(request, { abortSignal: this.signal });
          return Regions?.[0] !== undefined && Regions[0].OptInStatus !== "not-opted-in";
        } catch (error) {
          if (UNKNOWN_HERE.has((error as Error).name)) return false;
          throw error;
        }
      });
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
    const { name, aws } = this.environment;
    return this.once("load-balancer", () =>
      askAws("elasticloadbalancing:DescribeLoadBalancers", this.signal, async () => {
        try {
          const client = new ElasticLoadBalancingV2Client(clientOptions(aws.region));
          const { LoadBalancers } = await client.send(new DescribeLoadBalancersCommand({ Names: [namePrefix(name)] }), {
            abortSignal: this.signal,
          });
          return LoadBalancers?.[0];
        } catch (error) {
          if (/^LoadBalancerNotFound/.test((error as Error).name)) return undefined;
          throw error;
        }
      }),
    );
  }

  /** What of the image is in ECR. */
  image(): Promise<ImageState> {
    const { name, aws } = this.environment;
    const { digest, tag } = aws.image;
    const wanted = digest ?? tag ?? contentTag(imageRecipe(this.environment));
    const about = { wanted, pinned: Boolean(digest ?? tag) };
    return this.once("image", () =>
      askAws("ecr:DescribeImages", this.signal, async () => {
        try {
          await new ECRClient(clientOptions(aws.region)).send(
            new DescribeImagesCommand({
              repositoryName: namePrefix(name),
              registryId: aws.accountId,
              imageIds: [digest ? { imageDigest: digest } : { imageTag: wanted }],
            }),
            { abortSignal: this.signal },
          );
          return { ...about, repository: "there", image: "there" } as const;
        } catch (error) {
          if ((error as Error).name === "ImageNotFoundException")
            return { ...about, repository: "there", image: "missing" } as const;
          if ((error as Error).name === "RepositoryNotFoundException")
            return { ...about, repository: "missing", image: "missing" } as const;
          throw error;
        }
      }),
    );
  }

  /** The hosted zone that the environment names; undefined where there is none of that id. */
  hostedZone(): Promise<GetHostedZoneResponse | undefined> {
    const { aws } = this.environment;
    return this.once("hosted-zone", () =>
      askAws("route53:GetHostedZone", this.signal, async () => {
        try {
          const client = new Route53Client(clientOptions(aws.region));
          return await client.send(new GetHostedZoneCommand({ Id: aws.loadBalancer.zone!.id }), {
            abortSignal: this.signal,
          });
        } catch (error) {
          if ((error as Error).name === "NoSuchHostedZone") return undefined;
          throw error;
        }
      }),
    );
  }

  private once<Answer>(question: string, ask: () => Promise<Answer>): Promise<Answer> {
    const asked = this.answers.get(question) ?? ask();
    this.answers.set(question, asked);
    return asked as Promise<Answer>;
  }
}
