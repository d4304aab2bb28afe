import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import axios from "axios";
import type { Browser } from "playwright-core";
import { makeDemoUser, type LocalUser } from "../../scripts/lib/local/people.ts";
import { freePort } from "../../scripts/lib/local/ports.ts";
import { pkcePair } from "../../scripts/lib/verify/pkce.ts";
import { chromiumPath, startChromium } from "./support/chromium.ts";
import { testRealm, type TestRealm } from "./support/realms.ts";

// CI must have one; elsewhere the test says why it does not run.
const browserTest = chromiumPath || process.env.CI ? test : test.skip;
if (!chromiumPath) console.warn("No Chromium found (set CHROMIUM_PATH): the browser test is skipped.");

describe("a person with a browser", () => {
  let realm: TestRealm;
  let user: LocalUser;
  let browser: Browser | undefined;
  let listener: Server;
  let redirectUri: string;

  beforeAll(async () => {
    realm = await testRealm("26.7", {
      mcpServers: [{ resource: "http://localhost:8000/mcp", consentText: "Run the models of Example Corp" }],
    });
    user = await makeDemoUser(realm.admin);
    const port = await freePort();
    redirectUri = `http://127.0.0.1:${port}/callback`;
    listener = createServer((_, answer) => answer.end("<h1>Back in the client</h1>")).listen(port, "127.0.0.1");
    browser = chromiumPath ? await startChromium() : undefined;
  });
  afterAll(async () => {
    await browser?.close();
    listener.close();
    await realm.remove();
  });

  browserTest(
    "[login.browser] logs in, reads what the client asks for, consents, and is back in the client",
    async () => {
      const issuer = `${realm.url}/realms/${realm.definition.realm}`;
      const { data: client } = await axios.post<{ client_id: string }>(
        `${issuer}/clients-registrations/openid-connect`,
        { client_name: "My Editor", redirect_uris: [redirectUri], token_endpoint_auth_method: "none" },
      );
      const url = new URL(`${issuer}/protocol/openid-connect/auth`);
      url.search = new URLSearchParams({
        client_id: client.client_id,
        redirect_uri: redirectUri,
        response_type: "code",
        scope: "openid mcp:run",
        state: "s-1",
        code_challenge: pkcePair().challenge,
        code_challenge_method: "S256",
      }).toString();

      const page = await browser!.newPage();
      await page.goto(url.href);
      expect(await page.textContent("body")).toContain("Model Context Protocol");
      await page.getByLabel("Username").fill(user.username);
      await page.getByLabel("Password", { exact: true }).fill(user.password);
      await page.getByRole("button", { name: "Sign In" }).click();

      const consent = await page.textContent("body");
      expect(consent).toContain("My Editor");
      expect(consent).toContain("Run the models of Example Corp");
      await page.getByRole("button", { name: "Yes" }).click();

      await page.waitForURL(`${redirectUri}?**`);
      expect(new URL(page.url()).searchParams.get("state")).toBe("s-1");
      expect(new URL(page.url()).searchParams.get("code")).toBeTruthy();
      expect(await page.textContent("h1")).toBe("Back in the client");
    },
  );
});
