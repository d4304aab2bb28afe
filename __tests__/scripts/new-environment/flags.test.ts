import { readdirSync, rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Choices } from "../../../scripts/lib/new-environment/choices.ts";
import { newEnvironment } from "../../../scripts/lib/new-environment/index.ts";
import { CERTIFICATE, NEEDED, temporaryEnvironments } from "./support/choices.ts";

let folder: string;
beforeEach(() => {
  folder = temporaryEnvironments();
});
afterEach(() => rmSync(folder, { recursive: true }));

async function errorOf(choices: Choices): Promise<string> {
  const error = await newEnvironment(choices, { folder }).then(
    () => undefined,
    (reason: unknown) => reason as Error,
  );
  expect(error?.name).toBe("UserError");
  expect(readdirSync(folder)).toEqual(["schema"]);
  return error!.message;
}

describe("[environment.new] a flag that is wrong is one clear error, and nothing is written", () => {
  test.each<[string, Partial<Choices>, string | RegExp]>([
    ["a name in capitals", { name: "Staging" }, /^<name>: "Staging" must be 2 to 20 lower-case letters[^\n]*$/],
    ["a name that is a path", { name: "../x" }, /^<name>: "\.\.\/x" must be 2 to 20 lower-case letters[^\n]*$/],
    ["the template's name", { name: "template" }, /^<name>: "template" is no environment's name[^\n]*another$/],
    ["the loader's name", { name: "index" }, /^<name>: "index" is no environment's name[^\n]*$/],
    [
      "a Region that is none",
      { region: "eu-centrl-1" },
      /^--region: "eu-centrl-1" .* did you mean "eu-central-1"\?[^\n]*$/,
    ],
    [
      "a domain that is none",
      { domain: "auth" },
      '--domain: "auth" must be a domain in lower case, such as "auth.example.com"',
    ],
    [
      "an address instead of a domain",
      { domain: "https://auth.example.com/auth" },
      /^--domain: "https:\S+" must be a domain in lower case[^\n]*; a whole address goes with --url$/,
    ],
    [
      "an address with another path",
      { domain: undefined, url: "https://auth.staging.example.com" },
      /^--url: "https:\S+" must be https:\/\/<domain>\/auth on AWS[^\n]*$/,
    ],
    ["a zone's id that is none", { zoneId: "abc" }, /^--zone-id: "abc" must be a hosted zone's id, such as [^\n]*$/],
    [
      "a foreign zone",
      { zoneName: "example.org" },
      /^--zone-name: "example\.org" must be the zone of [^\n]*staging[^\n]*$/,
    ],
    [
      "a certificate that is none",
      { certificateArn: "arn" },
      /^--certificate-arn: "arn" must be an ACM certificate's [^\n]*$/,
    ],
    [
      "a certificate of another Region",
      { certificateArn: CERTIFICATE, region: "us-east-1" },
      /^--certificate-arn: "arn:\S+" must be of aws\.region, us-east-1[^\n]*$/,
    ],
    ["an MCP server that is no URL", { mcpServers: ["mcp"] }, /^--mcp-server mcp: "mcp" is no URL: write one [^\n]*$/],
    [
      "a second MCP server without a scope",
      { mcpServers: ["https://a.example.com/mcp", "https://b.example.com/mcp"] },
      "--mcp-server https://b.example.com/mcp: names no scope, and only the first server has a default: write <url>=mcp:other",
    ],
    [
      "two MCP servers of one scope",
      { mcpServers: ["https://a.example.com/mcp", "https://b.example.com/mcp=mcp:run"] },
      '--mcp-server https://b.example.com/mcp=mcp:run: "mcp:run" is already the scope of mcpServers[0]',
    ],
    ["a stage that is none", { stage: "test" }, '--stage: "test" is not allowed; allowed: production, development'],
    [
      "an address range with host bits",
      { adminCidrs: ["10.0.0.0/8", "203.0.113.7/24"] },
      '--admin-cidr: "203.0.113.7/24" has bits set behind the prefix: write "203.0.113.0/24"',
    ],
    ["an account that is none", { accountId: "1" }, `--account-id: "1" must be an account's 12 digits`],
    ["a bucket that is none", { stateBucket: "A" }, `--state-bucket: "A" must be an S3 bucket's name`],
    ["an e-mail address that is none", { alarmEmail: "ops" }, /^--alarm-email: "ops" must be an e-mail address[^\n]*$/],
    [
      "AWS together with --realm-only",
      { realmOnly: true, zoneId: undefined, zoneName: undefined },
      "--region: does not go with --realm-only, which makes nothing on AWS: leave one of them out",
    ],
  ])("%s", async (_, wrong, message) => {
    const error = await errorOf({ ...NEEDED, ...wrong });
    if (typeof message === "string") expect(error).toBe(message);
    else expect(error).toMatch(message);
  });

  test("several are shown at once", async () => {
    expect(await errorOf({ name: "index", region: "x", alarmEmail: "y" })).toMatch(
      /^<name>: .*\n--region: .*\n--alarm-email: .*$/,
    );
  });
});

describe("[environment.new] what is missing, where nobody is there to be asked", () => {
  test("is listed with an example each", async () => {
    expect(await errorOf({ name: "staging" })).toBe(
      "Nobody is here to be asked. What is missing, with examples:\n" +
        "  --domain auth.example.com\n" +
        "  --mcp-server https://mcp-server.example.com/mcp\n" +
        "  --region eu-central-1\n" +
        "  --zone-id Z0123456789ABCDEFGHIJ --zone-name example.com (or --certificate-arn arn:aws:acm:…)",
    );
  });

  test("is the other half of a zone, where one was given", async () => {
    expect(await errorOf({ ...NEEDED, zoneName: undefined })).toMatch(/examples:\n {2}--zone-name example\.com$/);
    expect(await errorOf({ ...NEEDED, zoneId: undefined })).toMatch(/examples:\n {2}--zone-id Z\w+$/);
  });

  test("is no fault of what was given", async () => {
    const given = { name: "staging", url: "https://auth/auth" };
    expect(await errorOf(given)).toMatch(/^Nobody is here to be asked/);
  });

  test("is less for a realm alone", async () => {
    expect(await errorOf({ name: "staging", realmOnly: true })).toMatch(
      /examples:\n {2}--url \S+\n {2}--mcp-server \S+$/,
    );
  });
});

describe("what to run next", () => {
  test("is the doctor, and the deployment", async () => {
    expect((await newEnvironment(NEEDED, { folder })).next).toEqual([
      "npm run doctor -- staging",
      "npm run deploy -- staging",
    ]);
  });

  test("is the deployment alone, where Keycloak runs elsewhere", async () => {
    const { name, domain, mcpServers } = NEEDED;
    expect((await newEnvironment({ name, domain, mcpServers, realmOnly: true }, { folder })).next).toEqual([
      "npm run deploy -- staging",
    ]);
  });
});
