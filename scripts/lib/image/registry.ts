import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  type ImageIdentifier,
} from "@aws-sdk/client-ecr";
import { askAws, clientOptions } from "../aws/ask.ts";

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
    return this.look({ imageTag: tag }, ["ImageNotFoundException"]);
  }

  /** The same of a tag or a digest, also where there is no repository yet. */
  find(reference: string): Promise<string | undefined> {
    const id = reference.startsWith("sha256:") ? { imageDigest: reference } : { imageTag: reference };
    return this.look(id, ["ImageNotFoundException", "RepositoryNotFoundException"]);
  }

  private look(id: ImageIdentifier, absent: readonly string[]): Promise<string | undefined> {
    const { repository, accountId } = this.place;
    return askAws("ecr:DescribeImages", this.signal, async () => {
      try {
        const { imageDetails } = await this.client.send(
          new DescribeImagesCommand({
            repositoryName: repository,
            registryId: accountId,
            imageIds: [id],
          }),
          { abortSignal: this.signal },
        );
        return imageDetails?.[0]?.imageDigest;
      } catch (error) {
        if (absent.includes((error as Error).name)) return undefined;
        throw error;
      }
    });
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
