import { describe, expect, test } from "@jest/globals";
import { keycloakContainer, VOLUMES, type ContainerProps } from "../../../constructs/ecs/container.ts";
import { HEALTH_CHECK, RUN_TIME_OPTIONS } from "../../../keycloak-image/settings.ts";

const SECRETS = {
  adminPassword: "arn:aws:ssm:eu-central-1:111122223333:parameter/keycloak/test/admin_password",
  databasePassword: "arn:aws:ssm:eu-central-1:111122223333:parameter/keycloak/test/db_password",
};

const PROPS: ContainerProps = {
  image: "111122223333.dkr.ecr.eu-central-1.amazonaws.com/keycloak-test@sha256:0123",
  memory: 2048,
  region: "eu-central-1",
  logGroup: "/ecs/keycloak/test",
  url: "https://auth.example.com/auth",
  built: { version: "26.7.3", buildOptions: ["--db=postgres", "--features=a,b"] },
  jdbcDriver: "postgresql",
  database: { host: "db.example.com", port: 5432, name: "keycloak", user: "keycloak" },
  secretArns: SECRETS,
  exec: false,
};

const container = (changes: Partial<ContainerProps> = {}) => keycloakContainer({ ...PROPS, ...changes });

/** The environment as a process sees it. */
const environment = (changes: Partial<ContainerProps> = {}): Record<string, string | undefined> =>
  Object.fromEntries(container(changes).environment!.map(({ name, value }) => [name!, value]));

const seconds = (duration: string) => Number(/^(\d+)s$/.exec(duration)![1]);

describe("the container", () => {
  test("runs the image, as it was built, with all of the task's memory", () => {
    expect(container({ memory: 4096 })).toMatchObject({
      name: "keycloak",
      image: PROPS.image,
      essential: true,
      command: ["start", "--optimized"],
      memory: 4096,
    });
  });

  test("tells by its labels what it was built from, which an upgrade is compared with", () => {
    expect(container().dockerLabels).toEqual({
      "org.opencontainers.image.version": "26.7.3",
      "keycloak-mcp-aws.build-options": "--db=postgres --features=a,b",
    });
  });

  test("listens at ports for requests, health and both kinds of messages between nodes", () => {
    // In awsvpc mode AWS refuses a host port that is not the container's own.
    expect(container().portMappings).toEqual(
      [8080, 9000, 7800, 57_800].map((port) => ({ containerPort: port, hostPort: port, protocol: "tcp" })),
    );
  });

  test("writes its log without waiting for CloudWatch: a log that is not taken must not hold logins up", () => {
    expect(container().logConfiguration).toEqual({
      logDriver: "awslogs",
      options: {
        "awslogs-group": "/ecs/keycloak/test",
        "awslogs-region": "eu-central-1",
        "awslogs-stream-prefix": "keycloak",
        mode: "non-blocking",
        "max-buffer-size": "25m",
      },
    });
  });
});

describe("the environment of the process", () => {
  test("says where people and database are, and that the database's certificate is checked", () => {
    expect(environment()).toMatchObject({
      ...RUN_TIME_OPTIONS,
      KC_HOSTNAME: "https://auth.example.com/auth",
      KC_DB_URL:
        "jdbc:postgresql://db.example.com:5432/keycloak?sslmode=verify-full&sslrootcert=/opt/keycloak/conf/rds-ca-bundle.pem",
      KC_DB_USERNAME: "keycloak",
      KC_BOOTSTRAP_ADMIN_USERNAME: "admin",
    });
  });

  test("has the database's address for AWS's driver where the image has that one", () => {
    expect(environment({ jdbcDriver: "aws-wrapper" }).KC_DB_URL).toMatch(
      /^jdbc:aws-wrapper:postgresql:\/\/db\.example\.com:5432\/keycloak\?sslmode=verify-full&/,
    );
  });

  test.each([
    [1024, "-Xms256m -Xmx512m"],
    [2048, "-Xms716m -Xmx1433m"],
  ])("gives Java the heap of a task of %d MiB", (memory, options) => {
    expect(environment({ memory }).JAVA_OPTS_KC_HEAP).toBe(options);
  });

  test("is in alphabetical order: in another one, Terraform would deploy the same again", () => {
    const names = container().environment!.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
  });

  test("[secrets.nowhere] holds no password: the agent puts them in, from the parameters' ARNs", () => {
    expect(container().secrets).toEqual([
      { name: "KC_BOOTSTRAP_ADMIN_PASSWORD", valueFrom: SECRETS.adminPassword },
      { name: "KC_DB_PASSWORD", valueFrom: SECRETS.databasePassword },
    ]);
    expect(Object.keys(environment()).filter((name) => /PASSWORD|SECRET|TOKEN/.test(name))).toEqual([]);
  });
});

describe("whoever breaks into the process", () => {
  test("is nobody: no root, no privileges, no capabilities", () => {
    expect(container()).toMatchObject({
      user: "1000:0",
      privileged: false,
      linuxParameters: { capabilities: { drop: ["ALL"] } },
    });
  });

  test("cannot change the program, but only write to the two directories that Keycloak needs", () => {
    expect(container()).toMatchObject({
      readonlyRootFilesystem: true,
      mountPoints: [
        { sourceVolume: "data", containerPath: "/opt/keycloak/data", readOnly: false },
        { sourceVolume: "temporary", containerPath: "/tmp", readOnly: false },
      ],
    });
    expect(Object.keys(VOLUMES)).toEqual(["data", "temporary"]);
  });

  test("can where ECS Exec is on, which has to write to the container itself", () => {
    expect(container({ exec: true }).readonlyRootFilesystem).toBe(false);
  });
});

describe("the life of the container", () => {
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
  test("is in danger only where the node is dead, and not before a first start has made the database's schema", () => {
    const { command, ...times } = container().healthCheck!;
    expect(command).toEqual(HEALTH_CHECK);
    expect(command![1]).toContain("/auth/health/live"); // ready fails with the database: all nodes would be killed
    expect(times).toEqual({ interval: 30, timeout: 5, retries: 3, startPeriod: 300 });
  });

  test("ends by itself: SIGKILL comes after delay and timeout, and within the 120 seconds that Fargate allows", () => {
    const { KC_SHUTDOWN_DELAY: delay, KC_SHUTDOWN_TIMEOUT: timeout } = RUN_TIME_OPTIONS;
    const stopTimeout = container().stopTimeout!;
    expect(stopTimeout).toBeGreaterThan(seconds(delay) + seconds(timeout) + 10);
    expect(stopTimeout).toBeLessThanOrEqual(120);
  });

  test("has an init process, which ends the children that a health check leaves, and files enough for its connections", () => {
    expect(container()).toMatchObject({
      linuxParameters: { initProcessEnabled: true },
      ulimits: [{ name: "nofile", softLimit: 65_536, hardLimit: 65_536 }],
    });
  });
});
