import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { DeleteServiceCommand, ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { DeleteDBClusterCommand, RDSClient } from "@aws-sdk/client-rds";
import { DeleteParameterCommand, GetParametersCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { namePrefix, nextSecretName, secretNames } from "../../constructs/names.ts";
import { newSecret } from "../../scripts/lib/aws/secrets.ts";
import { UserError } from "../../scripts/lib/errors.ts";
import { AdminClient } from "../../scripts/lib/keycloak/admin-client.ts";
import { LoginRefused } from "../../scripts/lib/keycloak/login-refused.ts";
import { deleteUser, setPassword, type User } from "../../scripts/lib/keycloak/users.ts";
import { prepareRotations, type RotationResult, type SecretKind } from "../../scripts/lib/rotate-secrets/index.ts";
import type { Step } from "../../scripts/lib/terminal/steps.ts";
import type { EnvironmentOnAws } from "../../environments/schema/on-aws.ts";
import { environmentOnAws } from "../support/environment.ts";
import { until } from "../support/until.ts";
import { startAwsFront, type AwsFront } from "./support/aws-front.ts";
import { makeDatabase, makeService } from "./support/deployed-parts.ts";
import { startFaultProxy, type FaultProxy } from "./support/fault-proxy.ts";
import { keycloak } from "./support/keycloaks.ts";
import { describeOnAws, startMoto, type EmulatedAws } from "./support/moto.ts";
import { startScript } from "./support/run-script.ts";

// "production", since the command itself reads the environment's file.
const ENVIRONMENT = "production";
const NAME = namePrefix(ENVIRONMENT);
const { adminPassword: ADMIN, databasePassword: DATABASE } = secretNames(ENVIRONMENT);
const server = keycloak("26.7");
const before = { ...process.env };
let aws: EmulatedAws;
let front: AwsFront;
let awsProxy: FaultProxy;
let keycloakProxy: FaultProxy;
let environment: EnvironmentOnAws;

/** Of the run's administrator, who makes and looks at the one whose password is exchanged. */
const master = new AdminClient(server.url, "master", { kind: "client", realm: "master", ...server });
let admin: User;

/** Everything that was shown or thrown, and every secret there was. */
const said: string[] = [];
const secrets = new Set<string>();

const put = (name: string, value: string) => {
  secrets.add(value);
  return new SSMClient(aws.client()).send(
    new PutParameterCommand({ Name: name, Value: value, Type: "SecureString", Overwrite: true }),
  );
};

/** What the two parameters of a secret hold. */
async function stored(parameter: string): Promise<{ current?: string; next?: string }> {
  const names = [parameter, nextSecretName(parameter)];
  const { Parameters = [] } = await new SSMClient(aws.client()).send(
    new GetParametersCommand({ Names: names, WithDecryption: true }),
  );
  for (const { Value } of Parameters) secrets.add(Value!);
  const value = (name: string) => Parameters.find(({ Name }) => Name === name)?.Value;
  return { current: value(names[0]!), next: value(names[1]!) };
}

/** Whether Keycloak takes a password of the administrator. */
async function isValid(password: string | undefined): Promise<boolean> {
  if (!password) return false;
  const account = new AdminClient(server.url, "master", {
    kind: "user",
    realm: "master",
    clientId: "admin-cli",
    username: "admin",
    password,
  });
  return account.send({ path: "" }).then(
    () => true,
    (error) => {
      if (error instanceof LoginRefused) return false;
      throw error;
    },
  );
}

/** Password that the database was last given. */
const databasePassword = () =>
  front.asked.findLast(({ action }) => action === "ModifyDBCluster")?.input.MasterUserPassword;

/** Logs in as the administrator, as a person's browser would, and says later whether that session goes on. */
async function session(password: string): Promise<() => Promise<boolean>> {
  const token = (form: Record<string, string>) =>
    fetch(`${server.url}/realms/master/protocol/openid-connect/token`, {
      method: "POST",
      body: new URLSearchParams({ client_id: "admin-cli", ...form }),
    });
  const login = await token({ grant_type: "password", username: "admin", password });
  const { refresh_token: refreshToken } = (await login.json()) as { refresh_token: string };
  return async () => (await token({ grant_type: "refresh_token", refresh_token: refreshToken })).ok;
}

const step: Step = (title, work) => {
  said.push(title);
  return work((text) => said.push(text));
};

/** Runs it, as the command does. */
async function rotate(only?: SecretKind, signal = new AbortController().signal): Promise<RotationResult[]> {
  const options = { signal, only, intervalMs: 2, settleMs: 5_000, secondTryMs: 5 };
  try {
    const rotations = await prepareRotations(environment, options);
    said.push(...rotations.flatMap(({ consequences }) => consequences));
    const results: RotationResult[] = [];
    for (const rotation of rotations) results.push(await rotation.carryOut(step));
    said.push(JSON.stringify(results));
    return results;
  } catch (error) {
    said.push(JSON.stringify(error, Object.getOwnPropertyNames(error)));
    throw error;
  }
}

/**
 * Runs it, and lets nothing through any more from request n on, to AWS or Keycloak, as when somebody presses Ctrl-C.
 * @returns how it ended, undefined where it had come to its end before
 */
async function cutAt(n: number, fault: "cut-request" | "cut-response", only: SecretKind): Promise<Error | undefined> {
  const abort = new AbortController();
  const interrupted = new UserError("Interrupted.");
  let count = 0;
  awsProxy.decide = keycloakProxy.decide = () => {
    count += 1;
    if (count < n) return "pass";
    if (count === n && fault === "cut-response") return fault;
    abort.abort(interrupted);
    return "cut-request";
  };
  return rotate(only, abort.signal)
    .then(
      () => undefined,
      (error: Error) => error,
    )
    .finally(() => {
      awsProxy.decide = keycloakProxy.decide = () => "pass";
    });
}

/** Lets the emulation show what AWS shows: a database and tasks that take their time. */
function takeTime(): void {
  let databaseLooks = Infinity;
  let serviceLooks = Infinity;
  front.writes.ModifyDBCluster = (answer) => {
    databaseLooks = 0;
    return answer;
  };
  front.writes.DescribeDBClusters = (answer) => {
    databaseLooks += 1;
    // At first it says that nothing is going on.
    return databaseLooks === 2
      ? answer.replace("<Status>available</Status>", "<Status>resetting-master-credentials</Status>")
      : answer;
  };
  front.says.UpdateService = (answer) => {
    serviceLooks = 0;
    return answer;
  };
  front.says.DescribeServices = (answer) =>
    withDeployments(answer, (deployment) => {
      serviceLooks += 1;
      const done = complete(deployment);
      const old = { ...done, id: "ecs-svc/old" };
      const begun = { ...deployment, rolloutState: "IN_PROGRESS", runningCount: 1 };
      return [[old], [begun, { ...old, status: "ACTIVE" }]][serviceLooks - 1] ?? [done];
    });
}

type Json = Record<string, unknown>;

/** The service of an answer, with its tasks running and other deployments than the emulation's one. */
function withDeployments(answer: Json, change: (deployment: Json) => Json[]): Json {
  const [service] = answer.services as Json[];
  const [deployment] = (service?.deployments ?? []) as Json[];
  if (!deployment) return answer;
  return { ...answer, services: [{ ...service, runningCount: 2, deployments: change(deployment) }] };
}

const complete = (deployment: Json) => ({ ...deployment, rolloutState: "COMPLETED", runningCount: 2, pendingCount: 0 });

async function deployEverything(): Promise<void> {
  await makeService(new ECSClient(aws.client()), NAME);
  await makeDatabase(new RDSClient(aws.client()), NAME, {}, { count: 0 });
}

/** Puts a new password of the administrator into Keycloak and SSM, as a first start does. */
async function freshAdmin(): Promise<string> {
  const password = newSecret();
  await setPassword(master, admin.id!, password);
  await put(ADMIN, password);
  return password;
}

describeOnAws("npm run rotate-secrets", () => {
  beforeAll(async () => {
    aws = await startMoto();
    front = await startAwsFront(aws.variables.AWS_ENDPOINT_URL!);
    awsProxy = await startFaultProxy(front.url);
    keycloakProxy = await startFaultProxy(server.url);
    Object.assign(process.env, aws.variables, { AWS_ENDPOINT_URL: awsProxy.url });
    const onAws = environmentOnAws({ region: "us-east-1" });
    environment = { ...onAws, name: ENVIRONMENT, keycloak: { ...onAws.keycloak, url: keycloakProxy.url } };

    // As Keycloak's first start makes it.
    await master.send({ method: "POST", path: "/users", body: { username: "admin", enabled: true } });
    const find = () => master.send<User[]>({ path: "/users", query: { username: "admin", exact: true } });
    [admin] = (await find()) as [User];
    const role = await master.send({ path: "/roles/admin" });
    await master.send({ method: "POST", path: `/users/${admin.id}/role-mappings/realm`, body: [role] });
  });
  afterAll(async () => {
    await deleteUser(master, admin.id!);
    for (const name of Object.keys(aws.variables)) delete process.env[name];
    Object.assign(process.env, before);
    await Promise.all([keycloakProxy.close(), awsProxy.close()]);
    await front.stop();
    await aws.stop();
  });
  beforeEach(async () => {
    await deployEverything();
    takeTime();
    await put(DATABASE, newSecret());
  });
  afterEach(async () => {
    for (const actions of [front.says, front.writes]) for (const action of Object.keys(actions)) delete actions[action];
    front.asked.length = 0;
    keycloakProxy.seen.length = 0;
    await aws.reset();
  });

  test("[secrets.rotation] exchanges both, ends sessions, and replaces all tasks", async () => {
    const old = { admin: await freshAdmin(), database: (await stored(DATABASE)).current };
    const accountBefore = await master.send<User>({ path: `/users/${admin.id}` });
    const goesOn = await session(old.admin);
    expect(await goesOn()).toBe(true);

    const results = await rotate();
    expect(results.map(({ secret, resumed }) => [secret, resumed])).toEqual([
      ["admin", false],
      ["database", false],
    ]);
    expect(results[1]!.outcome[1]).toMatch(/^Nothing in environments\/production\.ts has to change/);
    const [newAdmin, newDatabase] = [await stored(ADMIN), await stored(DATABASE)];
    expect(newAdmin).toEqual({ current: expect.stringMatching(/^[0-9a-f]{64}$/), next: undefined });
    expect(newDatabase).toEqual({ current: expect.stringMatching(/^[0-9a-f]{64}$/), next: undefined });
    expect([newAdmin.current, newDatabase.current]).not.toEqual([old.admin, old.database]);

    expect(await isValid(newAdmin.current)).toBe(true);
    expect(await isValid(old.admin)).toBe(false);
    expect(await goesOn()).toBe(false);
    // Of the account itself, only until when older tokens are refused.
    const { notBefore, ...account } = await master.send<User>({ path: `/users/${admin.id}` });
    expect(notBefore).toBeGreaterThan(0);
    expect({ ...account, notBefore: accountBefore.notBefore }).toEqual(accountBefore);

    const changes = front.asked.filter(({ action }) => /^(Modify|Update)/.test(action));
    expect(changes.map(({ action }) => action)).toEqual(["ModifyDBCluster", "UpdateService"]);
    expect(changes[0]!.input).toMatchObject({ MasterUserPassword: newDatabase.current, ApplyImmediately: "true" });
    expect(changes[1]!.input).toMatchObject({ forceNewDeployment: true });
    // The new value was in SSM before the database got it, and in its place before the first new task.
    const order = front.asked.map(({ action, input }) =>
      action === "PutParameter" ? `Put ${input.Name as string}` : action,
    );
    const of = (what: string) => order.indexOf(what);
    expect(of(`Put ${nextSecretName(DATABASE)}`)).toBeLessThan(of("ModifyDBCluster"));
    expect(of("ModifyDBCluster")).toBeLessThan(of(`Put ${DATABASE}`));
    expect(of(`Put ${DATABASE}`)).toBeLessThan(of("UpdateService"));
  });

  test.each(["cut-request", "cut-response"] as const)(
    "[secrets.rotation] the administrator, cut after any request: a stored password is valid, a second run goes on (%s)",
    async (fault) => {
      let requests = 0;
      await freshAdmin();
      for (let n = 1; ; n += 1) {
        const old = (await stored(ADMIN)).current!;
        const error = await cutAt(n, fault, "admin");
        if (!error) break;
        requests = n;
        expect(error.message).toMatch(/^Interrupted\.|does not answer/);
        const left = await stored(ADMIN);
        if (!left.next && left.current === old && n > 1) continue; // nothing was begun
        expect((await isValid(left.next)) || (await isValid(left.current))).toBe(true);
        if (left.next) expect(error.message).toMatch(/npm run rotate-secrets -- production --only admin goes on/);

        await rotate("admin");
        const after = await stored(ADMIN);
        expect(after.next).toBeUndefined();
        expect(after.current).not.toBe(old);
        expect(await isValid(after.current)).toBe(true);
      }
      expect(requests).toBeGreaterThanOrEqual(11);
    },
  );

  test.each(["cut-request", "cut-response"] as const)(
    "[secrets.rotation] the database, cut after any request: its password is stored, a second run goes on (%s)",
    async (fault) => {
      let requests = 0;
      await rotate("database"); // what the emulation was made with is in no parameter
      for (let n = 1; ; n += 1) {
        const old = (await stored(DATABASE)).current!;
        const error = await cutAt(n, fault, "database");
        if (!error) break;
        requests = n;
        expect(error.message).toMatch(/^Interrupted\./);
        const left = await stored(DATABASE);
        expect([left.current, left.next]).toContain(databasePassword());
        if (left.next) expect(error.message).toMatch(/npm run rotate-secrets -- production --only database goes on/);

        await rotate("database");
        const after = await stored(DATABASE);
        expect(after).toEqual({ current: databasePassword(), next: undefined });
        expect(after.current).not.toBe(old);
      }
      expect(requests).toBeGreaterThanOrEqual(15);
    },
  );

  test("[secrets.rotation] a run that goes on has one refused login at the most, and one that begins has none", async () => {
    const valid = await freshAdmin();
    const logins = () => keycloakProxy.seen.filter(({ path }) => path.endsWith("/token")).length;
    await put(nextSecretName(ADMIN), newSecret()); // not given to Keycloak yet
    await rotate("admin");
    expect(logins()).toBe(3); // the next one is refused, then the current one, then the next one as a proof
    expect(await isValid(valid)).toBe(false);

    keycloakProxy.seen.length = 0;
    await put(nextSecretName(ADMIN), (await stored(ADMIN)).current!);
    await put(ADMIN, newSecret()); // given to Keycloak
    expect(await rotate("admin")).toMatchObject([{ resumed: true }]);
    expect(logins()).toBe(1);

    keycloakProxy.seen.length = 0;
    await rotate("admin");
    expect(logins()).toBe(2);
  });

  test("[secrets.rotation-refused] writes nothing where nobody can log in, and says what to do", async () => {
    await freshAdmin();
    await put(ADMIN, newSecret());
    await put(nextSecretName(ADMIN), newSecret());
    const left = await stored(ADMIN);
    await expect(rotate()).rejects.toThrow(
      /refuses to log in admin with what SSM in us-east-1 holds \(\/keycloak\/production\/admin_password and .*_next\): "Invalid user credentials"\. Nothing was changed\.[^]*--only database[^]*bootstrap-admin/,
    );
    expect(await stored(ADMIN)).toEqual(left);

    await freshAdmin();
    await new SSMClient(aws.client()).send(new DeleteParameterCommand({ Name: nextSecretName(ADMIN) }));
    keycloakProxy.seen.length = 0;
    await master.send({ method: "PUT", path: `/users/${admin.id}`, body: { enabled: false } });
    await expect(rotate("admin")).rejects.toThrow(/"Account disabled"\. Nothing was changed/);
    await master.send({ method: "PUT", path: `/users/${admin.id}`, body: { enabled: true } });
    expect(front.asked.map(({ action }) => action)).not.toContain("PutParameter");
  });

  test("[secrets.rotation] a password policy that refuses the new value: the old one stays valid", async () => {
    const old = await freshAdmin();
    keycloakProxy.decide = (_, { path }) => (path.endsWith("/reset-password") ? { status: 400 } : "pass");
    await expect(rotate("admin")).rejects.toThrow(
      /does not take a password of 64 hexadecimal digits.*Loosen the password policy of the realm master.*\nKeycloak has the password in .* goes on/,
    );
    keycloakProxy.decide = () => "pass";
    expect(await isValid(old)).toBe(true);
    expect(await rotate("admin")).toMatchObject([{ resumed: true }]);
  });

  test("[secrets.rotation-refused] writes nothing where the load balancer lets nobody in from here", async () => {
    await freshAdmin();
    keycloakProxy.decide = () => ({ status: 403 });
    await expect(rotate()).rejects.toThrow(/Nobody may log in at .* from here \(403\).*aws\.adminCidrs/);
    keycloakProxy.decide = () => "pass";
    expect((await stored(ADMIN)).next).toBeUndefined();
  });

  test("[secrets.rotation-refused] writes nothing where the database is busy, AWS's own or not there", async () => {
    const status = (text: string) => (answer: string) => answer.replace("<Status>available</Status>", text);
    front.writes.DescribeDBClusters = status("<Status>backing-up</Status>");
    await expect(rotate("database")).rejects.toThrow(`The database ${NAME} in us-east-1 is "backing-up"`);
    front.writes.DescribeDBClusters = status("<Status>resetting-master-credentials</Status>");
    await expect(rotate("database")).rejects.toThrow('"resetting-master-credentials", not "available"');
    front.writes.DescribeDBClusters = status(
      "<Status>available</Status><MasterUserSecret><SecretArn>arn:1</SecretArn></MasterUserSecret>",
    );
    await expect(rotate("database")).rejects.toThrow("is managed by AWS (Secrets Manager: arn:1)");
    await new RDSClient(aws.client()).send(
      new DeleteDBClusterCommand({ DBClusterIdentifier: NAME, SkipFinalSnapshot: true }),
    );
    await expect(rotate("database")).rejects.toThrow(
      `There is no database "${NAME}" in us-east-1: npm run deploy -- production makes it.`,
    );
    await new SSMClient(aws.client()).send(new DeleteParameterCommand({ Name: DATABASE }));
    await expect(rotate("database")).rejects.toThrow(`There is no parameter ${DATABASE}`);
    expect(front.asked.map(({ action }) => action)).not.toContain("PutParameter");
  });

  test("[secrets.rotation] goes on while the database still takes the password of the run before", async () => {
    await put(nextSecretName(DATABASE), newSecret());
    let looks = 0;
    front.writes.DescribeDBClusters = (answer) => {
      looks += 1;
      return looks <= 3 ? answer.replace(">available<", ">resetting-master-credentials<") : answer;
    };
    expect(await rotate("database")).toMatchObject([{ resumed: true }]);
    expect(looks).toBe(4);
  });

  test("[secrets.rotation] needs no service, and no tasks", async () => {
    const ecs = new ECSClient(aws.client());
    await ecs.send(new UpdateServiceCommand({ cluster: NAME, service: NAME, desiredCount: 0 }));
    expect((await rotate("database"))[0]!.outcome[0]).toMatch(/no task runs that has to learn it/);
    await ecs.send(new DeleteServiceCommand({ cluster: NAME, service: NAME }));
    await rotate("database");
    expect((await stored(DATABASE)).current).toBe(databasePassword());
    expect(front.asked.map(({ action }) => action)).not.toContain("UpdateService");
  });

  test("[secrets.rotation] tasks that do not start: says so, and a second run only replaces them", async () => {
    const working = front.says.DescribeServices!;
    front.says.DescribeServices = (answer) =>
      withDeployments(answer, (deployment) => [
        { ...deployment, rolloutState: "FAILED", rolloutStateReason: "tasks failed to start." },
      ]);
    await expect(rotate("database")).rejects.toThrow(
      /has not become steady: tasks failed to start\.[^]*npm run logs -- production --since 30m\nThe database has the password in .*db_password; new tasks start with it, .* npm run rotate-secrets -- production --only database goes on/,
    );
    front.says.DescribeServices = working;
    const left = await stored(DATABASE);
    expect(left).toEqual({ current: databasePassword(), next: databasePassword() });
    front.asked.length = 0;
    expect(await rotate("database")).toMatchObject([{ resumed: true }]);
    expect(front.asked.map(({ action }) => action)).not.toContain("ModifyDBCluster");
    expect(await stored(DATABASE)).toEqual({ current: left.current, next: undefined });
  });

  test("says what it costs where old tasks are stopped first", async () => {
    front.says.DescribeServices = (answer) => {
      const [service] = answer.services as Record<string, unknown>[];
      return { ...answer, services: [{ ...service, deploymentConfiguration: { minimumHealthyPercent: 0 } }] };
    };
    const signal = new AbortController().signal;
    const [rotation] = await prepareRotations(environment, { signal, only: "database" });
    expect(rotation!.consequences.join("\n")).toMatch(
      /cannot open new ones[^]*nobody can log in for two to four minutes/,
    );
  });

  describe("the command", () => {
    function start(parameters: string[]) {
      const variables = { ...process.env, AWS_ENDPOINT_URL: front.url };
      const run = startScript("rotate-secrets", parameters, { variables });
      void run.ended.then(({ stdout, stderr }) => said.push(stdout, stderr));
      return run;
    }

    test("[secrets.rotation] asks, prints JSON, and says in what state things are where it is interrupted", async () => {
      const unasked = await start(["production", "--only", "database"]).ended;
      expect(unasked.code).toBe(1);
      expect(unasked.stderr).toMatch(/gets a new password, and all tasks are replaced[^]*add --yes/);
      expect(front.asked.map(({ action }) => action)).not.toContain("PutParameter");

      front.says.DescribeServices = (answer) => withDeployments(answer, (deployment) => [complete(deployment)]);
      front.writes.DescribeDBClusters = (answer) =>
        databasePassword() ? answer.replace(">available<", ">resetting-master-credentials<") : answer;
      const first = start(["production", "--only", "database", "--yes"]);
      await until(() => databasePassword() !== undefined);
      first.child.kill("SIGINT");
      const interrupted = await first.ended;
      expect(interrupted.code).toBe(130);
      expect(interrupted.stderr).toMatch(
        /\nInterrupted\.\nThe database has the password in .*db_password or the one in .*db_password_next: .* goes on from there/,
      );

      let looks = 0;
      front.writes.DescribeDBClusters = (answer) => {
        looks += 1;
        return looks === 2 ? answer.replace(">available<", ">resetting-master-credentials<") : answer;
      };
      const second = await start(["production", "--only", "database", "--yes", "--json"]).ended;
      expect(second).toMatchObject({ code: 0 });
      expect(JSON.parse(second.stdout)).toMatchObject({
        environment: "production",
        rotated: [{ secret: "database", parameter: DATABASE, resumed: true }],
      });
      expect(await stored(DATABASE)).toEqual({ current: databasePassword(), next: undefined });
    });
  });

  test("[secrets.nowhere] no secret was shown or thrown in all of this", () => {
    expect(secrets.size).toBeGreaterThan(20);
    expect(said.length).toBeGreaterThan(100);
    const text = said.join("\n");
    expect([...secrets].filter((secret) => text.includes(secret))).toEqual([]);
  });
});
