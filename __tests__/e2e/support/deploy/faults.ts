import type { CdktfOrders } from "./cdktf-orders.ts";
import type { DeployWorld } from "./world.ts";

/** One way in which a deployment fails. */
export interface Fault {
  readonly name: string;
  /** Orders to the stand-in for CDKTF. */
  readonly says?: CdktfOrders["says"];
  /** Variables of the command. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Done before the run. */
  readonly before?: () => void | Promise<void>;
  /**
   * Ctrl-C, or the machine loses power, as soon as this was asked: `docker` to build, CDKTF for `deploy <stack>`, AWS for
   * `AWS <action>`, Keycloak for `<method> <part of the path>`.
   */
  readonly stopAt?: { readonly call: string; readonly signal: "SIGINT" | "SIGKILL" };
  /** What the command must say; a command that was killed says nothing. */
  readonly message?: RegExp;
  /** The step that the command names to go on with. @default the first, which is not named */
  readonly from?: string;
}

/** In the order of the steps: each run begins with the command that the run before it gave, and gets further. */
export function faultsOf(world: DeployWorld): readonly Fault[] {
  const denied = (action: string) => () => void (world.front.faults[action] = ["denied"]);
  const throttled = (action: string) => () =>
    void (world.front.faults[action] = Array<"throttled">(5).fill("throttled"));

  return [
    {
      name: "Docker's engine is off",
      variables: { DOCKER_SAYS: "no-engine" },
      message: /^Error: check: this deployment would fail:\n +.*Docker/m,
    },
    { name: "CDKTF cannot synthesize", says: { synth: "fails" }, message: /^Error: cdktf synth ended with 1:/m },
    {
      name: "AWS does not say who asks",
      before: denied("GetCallerIdentity"),
      message: /check: this deployment would fail:\n +Credentials: AWS refuses sts:GetCallerIdentity/,
    },
    {
      name: "the machine dies in the check",
      stopAt: { call: "AWS DescribeParameters", signal: "SIGKILL" },
    },
    {
      name: "passwords may not be looked for",
      before: denied("DescribeParameters"),
      message: /check: this deployment would fail:\n +Secrets: AWS refuses ssm:DescribeParameters/,
    },
    {
      name: "passwords may not be made",
      before: denied("PutParameter"),
      message: /secrets: AWS refuses ssm:PutParameter/,
      from: "secrets",
    },
    {
      name: "AWS throttles all the time",
      before: throttled("PutParameter"),
      message: /secrets: AWS throttles ssm:PutParameter, five times/,
      from: "secrets",
    },
    {
      name: "the machine dies between the passwords",
      stopAt: { call: "AWS PutParameter", signal: "SIGKILL" },
    },
    {
      name: "Terraform fails in the registry",
      says: { "deploy staging-registry": "fails" },
      message:
        /registry: cdktf deploy staging-registry ended with 1:\n[^]*ServiceUnavailable[^]*All that it said: \S+staging-registry-deploy\.log/,
      from: "registry",
    },
    {
      name: "another Terraform holds the lock",
      says: { "deploy staging-registry": "lock" },
      message: /terraform -chdir=cdktf\.out\/stacks\/staging-registry force-unlock 6638e010-/,
      from: "registry",
    },
    { name: "the machine dies in the registry", says: { "deploy staging-registry": "killed" } },
    {
      name: "the database may not be looked for",
      before: denied("DescribeDBClusters"),
      variables: { DOCKER_SAYS: "build-fails" },
      message: /^(Error: )?database: AWS refuses rds:DescribeDBClusters[^]*image: The image cannot be built or pushed/m,
      from: "database",
    },
    {
      name: "Ctrl-C while the database is made",
      says: { "deploy staging-keycloak": "hangs" },
      variables: { DOCKER_SAYS: "build-fails" },
      stopAt: { call: "deploy staging-keycloak", signal: "SIGINT" },
      message: /^Interrupted in database/m,
      from: "database",
    },
    {
      name: "the image cannot be built, while the database is made",
      variables: { DOCKER_SAYS: "build-fails" },
      message: /image: The image cannot be built or pushed[^]*Done in this run: database\. To do: image,/,
      from: "image",
    },
    {
      name: "Ctrl-C while the image is built",
      variables: { DOCKER_SAYS: "hangs" },
      stopAt: { call: "docker", signal: "SIGINT" },
      message: /^Interrupted in image\.$/m,
      from: "image",
    },
    {
      name: "the machine dies while the image is built",
      variables: { DOCKER_SAYS: "build-fails", DOCKER_TAKES: "1000" },
      stopAt: { call: "docker", signal: "SIGKILL" },
    },
    {
      name: "the registry lets nobody in",
      before: denied("GetAuthorizationToken"),
      message: /image: AWS refuses ecr:GetAuthorizationToken/,
      from: "image",
    },
    {
      name: "images may not be looked for",
      before: denied("DescribeImages"),
      message: /image: AWS refuses ecr:DescribeImages/,
      from: "image",
    },
    {
      name: "the repository may not be looked for",
      before: denied("DescribeRepositories"),
      message: /image: AWS refuses ecr:DescribeRepositories/,
      from: "image",
    },
    {
      name: "a request to AWS hangs, and is sent again",
      before: () => void (world.front.faults.DescribeImages = ["hangs"]),
      says: { "deploy staging-keycloak": "fails" },
      message: /keycloak: cdktf deploy staging-keycloak ended with 1/,
      from: "keycloak",
    },
    { name: "the machine dies in Keycloak's stack", says: { "deploy staging-keycloak": "killed" } },
    {
      name: "the tasks do not start",
      before: rollsBack,
      message:
        /service: The service keycloak-staging has not become steady: .*circuit breaker[^]*npm run logs -- staging --since 30m/,
      from: "keycloak",
    },
    {
      name: "the service may not be looked at",
      before: denied("DescribeServices"),
      message: /keycloak: AWS refuses ecs:DescribeServices/,
      from: "keycloak",
    },
    {
      name: "what the tasks run may not be looked at",
      before: denied("DescribeTaskDefinition"),
      message: /keycloak: AWS refuses ecs:DescribeTaskDefinition/,
      from: "keycloak",
    },
    {
      name: "the machine dies while tasks are waited for",
      stopAt: { call: "GET /auth/realms/master", signal: "SIGKILL" },
    },
    {
      name: "this machine is not let in",
      before: () => void (world.https.adminCidrs = []),
      message: /service: The load balancer lets this machine's address not reach[^]*aws\.adminCidrs/,
      from: "keycloak",
    },
    {
      name: "the password may not be read",
      before: denied("GetParameter"),
      message: /realm: AWS refuses ssm:GetParameter/,
      from: "realm",
    },
    {
      name: "Terraform fails in the realm",
      says: { "deploy staging-realm": "fails" },
      message: /realm: cdktf deploy staging-realm ended with 1/,
      from: "realm",
    },
    {
      name: "Ctrl-C in the realm",
      says: { "deploy staging-realm": "hangs" },
      stopAt: { call: "deploy staging-realm", signal: "SIGINT" },
      message: /^Interrupted in realm\.$/m,
      from: "realm",
    },
    { name: "the machine dies in the realm", says: { "deploy staging-realm": "killed" } },
    {
      name: "the machine dies between two policies",
      stopAt: { call: "PUT /components/", signal: "SIGKILL" },
    },
    {
      name: "Keycloak refuses changes of policies",
      before: refuses("PUT", /\/components\//, 400),
      message: /policies: Keycloak answers 400 to PUT/,
      from: "policies",
    },
    {
      name: "the machine dies in the proof",
      stopAt: { call: "POST /clients-registrations/", signal: "SIGKILL" },
    },
    {
      name: "strangers cannot register",
      before: refuses("POST", /\/clients-registrations\//, 500),
      message: /verify: \d+ of \d+ checks fail:\n {2}dcr\./,
      from: "verify",
    },
  ];

  function rollsBack(): void {
    world.front.says.DescribeServices = (answer) => {
      const services = answer.services as { deployments: object[] }[];
      const rolloutStateReason = "ECS deployment circuit breaker: tasks failed to start.";
      const failed = (deployment: object) => ({ ...deployment, rolloutState: "FAILED", rolloutStateReason });
      return { ...answer, services: services.map((one) => ({ ...one, deployments: one.deployments.map(failed) })) };
    };
  }

  function refuses(method: string, path: RegExp, status: number) {
    return () => {
      world.https.refuses = (asked, where) => (asked === method && path.test(where) ? status : undefined);
    };
  }
}
