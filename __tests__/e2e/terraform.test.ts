import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { EnvironmentInput } from "../../environments/schema/index.ts";
import { AdminClient } from "../../scripts/lib/keycloak/admin-client.ts";
import { listClientScopes } from "../../scripts/lib/keycloak/client-scopes.ts";
import { deleteRealm } from "../../scripts/lib/keycloak/realms.ts";
import { fixPolicies } from "../../scripts/lib/policies/fix.ts";
import { targetFor, type Target } from "../../scripts/lib/target.ts";
import { verify } from "../../scripts/lib/verify/index.ts";
import { environment } from "../support/environment.ts";
import { keycloak } from "./support/keycloaks.ts";
import { TerraformProject, whyNoTerraform } from "./support/terraform.ts";

const EVERYTHING: Partial<EnvironmentInput> = {
  mcpServers: [
    { resource: "http://localhost:8000/mcp" },
    { resource: "http://localhost:8001/mcp", scope: "mcp:other", consentText: "Use the <other> server & more" },
  ],
  realm: { displayName: "Ours ${name}", sslRequired: "external", lifespans: { accessToken: "5m" } },
  spaClient: { redirectUris: ["https://app.example.com/callback"] },
  registration: {
    redirects: ["loopback", "claude"],
    redirectPatterns: ["https://app\\.example\\.com/[a-z]+\\?a=b"],
    trustedHosts: { hosts: ["app.example.com", "localhost", "127.0.0.1"] },
    webOrigins: ["http://localhost:6274"],
  },
};

const missing = await whyNoTerraform();

(missing ? describe.skip : describe).each([
  ["26.7", "the smallest environment", {}],
  ["26.7", "an environment with everything", EVERYTHING],
  ["26.7", "the article's hardcoded claim", { audience: "hardcoded-claim" as const }],
  ["26.4", "the smallest environment", {}],
] as const)(`terraform on Keycloak %s, with %s${missing ? ` (skipped: ${missing})` : ""}`, (line, _, changes) => {
  const name = `tf-${randomBytes(5).toString("hex")}`;
  let target: Target;
  let admin: AdminClient;
  let project: TerraformProject;

  function changed(more: Partial<EnvironmentInput["realm"]> = {}) {
    const { url, version } = keycloak(line);
    const mcpServers = [{ resource: "http://localhost:8000/mcp" }];
    const realm = { ...(changes as Partial<EnvironmentInput>).realm, ...more, name };
    return environment({ mcpServers, ...changes, keycloak: { url, version }, realm });
  }

  beforeAll(async () => {
    const { clientId, clientSecret } = keycloak(line);
    target = targetFor(changed(), { kind: "client", realm: "master", clientId, clientSecret });
    admin = new AdminClient(target.url, name, target.credentials);
    project = new TerraformProject(changed(), target.credentials);
    expect(await project.run("init", "-input=false")).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await deleteRealm(admin);
    project.remove();
  });

  const planCode = async () => {
    const { code, output } = await project.run("plan", "-input=false", "-detailed-exitcode");
    return code === 0 ? 0 : output;
  };

  test("[terraform.second-plan] applies, and plans nothing more", async () => {
    const { code, output } = await project.run("apply", "-input=false", "-auto-approve");
    expect(output).toMatch(/Apply complete!/);
    expect(code).toBe(0);
    expect(await planCode()).toBe(0);
  });

  test("makes the realm of the definition: after fix-policies, verify finds nothing", async () => {
    await fixPolicies(admin, target.definition);
    const rows = await verify(target, { login: true });
    expect(rows.filter((row) => row.status === "fail")).toEqual([]);
    expect(rows.length).toBeGreaterThan(35);
  });

  test("[terraform.second-plan] plans nothing after fix-policies either", async () => {
    expect(await planCode()).toBe(0);
  });

  test("[secrets.nowhere] has no secret in its state", () => {
    const state = project.state();
    const { credentials } = target;
    if (credentials.kind === "client") expect(state).not.toContain(credentials.clientSecret);
    const secrets = [...state.matchAll(/"(client_secret|password|secret)": *"([^"]*)"/g)].map((match) => match[2]);
    expect(secrets.filter(Boolean)).toEqual([]);
  });

  test("mends what somebody changed by hand", async () => {
    await admin.send({ method: "PUT", path: "/client-policies/policies", body: { policies: [] } });
    await admin.send({ method: "PUT", path: "", body: { realm: name, accessTokenLifespan: 86_400 } });
    await admin.send({ method: "PUT", path: "/events/config", body: { eventsEnabled: false, eventsListeners: [] } });
    const [mapped] = (await listClientScopes(admin)).filter((scope) => scope.name === "mcp:run");
    const [mapper] = mapped!.protocolMappers!;
    await admin.send({ method: "DELETE", path: `/client-scopes/${mapped!.id}/protocol-mappers/models/${mapper!.id}` });
    expect((await project.run("apply", "-input=false", "-auto-approve")).code).toBe(0);
    // Terraform does not miss the client policies; phase 2 does.
    await fixPolicies(admin, target.definition);
    expect(await planCode()).toBe(0);
    const rows = await verify(target, { login: true });
    expect(rows.filter((row) => row.status === "fail")).toEqual([]);
  });

  test("refuses to destroy the realm, or any part of it, until the environment says so", async () => {
    const refused = await project.run(
      "destroy",
      "-input=false",
      "-auto-approve",
      "-target=keycloak_realm.realm_A9708BC4",
    );
    expect(refused.output).toMatch(/Instance cannot be destroyed/);
    expect(refused.code).toBe(1);
    expect(await planCode()).toBe(0); // nor anything in it
    project.synth(changed({ deletionProtection: false }));
    expect((await project.run("apply", "-input=false", "-auto-approve")).code).toBe(0);
    const destroyed = await project.run("destroy", "-input=false", "-auto-approve");
    expect(destroyed.output).toMatch(/Destroy complete!/);
  });
});
