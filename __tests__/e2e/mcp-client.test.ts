import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import axios from "axios";
import { searchUsers } from "../../scripts/lib/keycloak/users.ts";
import { startDemoMcpServer, type DemoMcpServer } from "../../scripts/lib/local/demo-mcp-server.ts";
import { makeDemoUser, type LocalUser } from "../../scripts/lib/local/people.ts";
import { freePort } from "../../scripts/lib/local/ports.ts";
import { logIn } from "../../scripts/lib/verify/login-pages.ts";
import { MemoryOAuthProvider } from "./support/mcp-client.ts";
import { testRealm, type TestRealm } from "./support/realms.ts";

const REDIRECT = "http://localhost:33418/callback";
const http = axios.create({ maxRedirects: 0, validateStatus: () => true });

describe.each([
  ["26.7", {}],
  ["26.4", {}],
  ["26.7", { audience: "hardcoded-claim" as const }],
] as const)("the official SDK's client, on Keycloak %s with %j", (line, changes) => {
  let realm: TestRealm;
  let user: LocalUser;
  let server: DemoMcpServer | undefined;
  let resource: string;

  beforeAll(async () => {
    const port = await freePort();
    resource = `http://localhost:${port}/mcp`;
    realm = await testRealm(line, { ...changes, mcpServers: [{ resource }] });
    user = await makeDemoUser(realm.admin);
    server = await startDemoMcpServer({
      port,
      issuer: `${realm.url}/realms/${realm.definition.realm}`,
      resource,
      scope: "mcp:run",
    });
  });
  afterAll(async () => {
    await server?.stop();
    await realm.remove();
  });

  test("[token.protected-resource] finds the server, registers, logs in and calls a tool, knowing only the MCP server's URL", async () => {
    const provider = new MemoryOAuthProvider(REDIRECT);
    const connect = async () => {
      const client = new Client({ name: "test", version: "1" });
      const transport = new StreamableHTTPClientTransport(new URL(resource), { authProvider: provider });
      await client.connect(transport);
      return client;
    };
    await expect(connect()).rejects.toThrow(UnauthorizedError);
    expect(provider.authorizationUrl!.searchParams.get("resource")).toBe(resource);

    const { redirect, pages } = await logIn(http, provider.authorizationUrl!, REDIRECT, user);
    expect(pages).toEqual(["login", "consent"]);
    const finish = new StreamableHTTPClientTransport(new URL(resource), { authProvider: provider });
    await finish.finishAuth(redirect.searchParams.get("code")!);

    const client = await connect();
    const { content } = (await client.callTool({ name: "whoami", arguments: {} })) as { content: { text: string }[] };
    const [{ id }] = (await searchUsers(realm.admin, user.username)) as [{ id: string }];
    expect(JSON.parse(content[0]!.text)).toMatchObject({ subject: id, scopes: ["mcp:run"], audience: resource });
    await client.close();
  });
});
