import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
} from "@aws-sdk/client-ecr";
import { namePrefix } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { askAws, clientOptions, undefinedOn } from "../aws/ask.ts";

/** Where an environment's images are. */
export interface Place {
  readonly region: string;
  /** Name of the repository. */
  readonly repository: string;
  /** @default the account of the credentials */
  readonly accountId?: string;
  /** Name of the environment, for messages. */
  readonly environment: string;
}

/** Where an environment's own are. */
export function placeOf({ name, aws }: EnvironmentOnAws): Place {
  return { region: aws.region, repository: namePrefix(name), accountId: aws.accountId, environment: name };
}

/** What Docker logs in with; good for 12 hours. */
export interface RegistryLogin {
  /** Host of the registry. */
  readonly registry: string;
  readonly username: string;
  readonly password: string;
}

/** An environment's repository in ECR. */
export class ImageRegistry {
  private readonly client: ECRClient;

  constructor(
    private readonly place: Place,
    private readonly signal: AbortSignal,
  ) {
    this.client = new ECRClient(clientOptions(place.region));
  }

  /**
   * The repository's address, to push to.
   * @throws UserError where there is none yet
   */
  async url(): Promise<string> {
    const { repository, accountId, environment, region } = this.place;
    const { repositories } = await askAws(
      "ecr:DescribeRepositories",
      this.signal,
      () =>
        this.client.send(new DescribeRepositoriesCommand({ repositoryNames: [repository], registryId: accountId }), {
          abortSignal: this.signal,
        }),
      {
        RepositoryNotFoundException: `There is no repository "${repository}" in ${region} yet. Make it: npx cdktf deploy ${environment}-registry`,
      },
    );
    return repositories![0]!.repositoryUri!;
  }

  /** Digest of the image with a tag; undefined where there is none. */
  digestOf(tag: string): Promise<string | undefined> {
    return askAws("ecr:DescribeImages", this.signal, () => this.look(tag));
  }

  /**
   * The same of a tag or a digest, also where there is no repository yet.
   * @returns undefined without a repository; no digest where that has no such image
   */
  find(reference: string): Promise<{ readonly digest?: string } | undefined> {
    return askAws(
      "ecr:DescribeImages",
      this.signal,
      undefinedOn(["RepositoryNotFoundException"], async () => ({ digest: await this.look(reference) })),
    );
  }

  private async look(reference: string): Promise<string | undefined> {
    const { repository: repositoryName, accountId: registryId } = this.place;
    const id = reference.startsWith("sha256:") ? { imageDigest: reference } : { imageTag: reference };
    const request = new DescribeImagesCommand({ repositoryName, registryId, imageIds: [id] });
    const ask = undefinedOn(["ImageNotFoundException"], () => this.client.send(request, { abortSignal: this.signal }));
    return (await ask())?.imageDetails?.[0]?.imageDigest;
  }

  /** Asks for a login; the password must go to Docker's standard input, and nowhere else. */
  async login(): Promise<RegistryLogin> {
    const { authorizationData } = await askAws("ecr:GetAuthorizationToken", this.signal, () =>
      this.client.send(new GetAuthorizationTokenCommand({}), { abortSignal: this.signal }),
    );
    const { authorizationToken, proxyEndpoint } = authorizationData![0]!;
    const [username, password] = Buffer.from(authorizationToken!, "base64").toString().split(":");
    return { registry: new URL(proxyEndpoint!).host, username: username!, password: password! };
  }
}
