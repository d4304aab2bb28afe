import { readdirSync, rmSync } from "node:fs";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { loadEnvironment } from "../../../environments/index.ts";
import { UserError } from "../../../scripts/lib/errors.ts";
import type { Choices } from "../../../scripts/lib/new-environment/choices.ts";
import { newEnvironment } from "../../../scripts/lib/new-environment/index.ts";
import { askMissing } from "../../../scripts/lib/new-environment/questions.ts";
import { Prompt } from "../../../scripts/lib/terminal/prompt.ts";
import { CERTIFICATE, NEEDED, temporaryEnvironments } from "./support/choices.ts";

let folder: string;
beforeEach(() => {
  folder = temporaryEnvironments();
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Asks for what is missing, and answers one line after the other. */
async function interview(given: Choices, answers: string[], variables: NodeJS.ProcessEnv = {}) {
  const output = new PassThrough();
  const input = Readable.from(answers.map((answer) => `${answer}\n`));
  const prompt = new Prompt({ input, output, signal: new AbortController().signal });
  const choices = await askMissing(given, prompt, variables).finally(() => prompt.close());
  output.end();
  return { choices, shown: await text(output) };
}

const URL_ = "https://mcp.staging.example.com/mcp";

describe("[environment.new] questions", () => {
  test("ask for what was not given, and write what was answered", async () => {
    const answers = [
      "auth.staging.example.com",
      URL_,
      "https://b.example.com/mcp=mcp:b",
      "",
      "eu-central-1",
      "Z0123456789ABCDEFGHIJ",
      "",
      "development",
      "203.0.113.0/24, 198.51.100.7/32",
      "ops@example.com",
    ];
    const input = Readable.from(answers.map((answer) => `${answer}\n`));
    const questions = { input, output: new PassThrough(), signal: new AbortController().signal };
    await newEnvironment({ name: "staging" }, { folder, questions });
    expect(await loadEnvironment("staging", folder)).toMatchObject({
      keycloak: { url: "https://auth.staging.example.com/auth" },
      mcpServers: [
        { resource: URL_, scope: "mcp:run" },
        { resource: "https://b.example.com/mcp", scope: "mcp:b" },
      ],
      aws: {
        region: "eu-central-1",
        stage: "development",
        adminCidrs: ["203.0.113.0/24", "198.51.100.7/32"],
        loadBalancer: { zone: { id: "Z0123456789ABCDEFGHIJ", name: "staging.example.com" } },
        monitoring: { alarmEmail: "ops@example.com" },
      },
    });
  });

  test("are asked again after a wrong answer, with the schema's own message", async () => {
    const given = { ...NEEDED, region: undefined, stage: "production", adminCidrs: [], alarmEmail: "a@example.com" };
    const { choices, shown } = await interview(given, ["eu-centrl-1", "", "eu-west-1"], { AWS_REGION: "nowhere-1" });
    expect(shown).toMatch(/^AWS Region \[us-east-1\]: {3}"eu-centrl-1" is not allowed, did you mean "eu-central-1"\?/);
    expect(shown.match(/AWS Region/g)).toHaveLength(2);
    expect(choices.region).toBe("us-east-1");
  });

  test("hold an answer against the ones before it", async () => {
    const given = { ...NEEDED, zoneId: undefined, zoneName: undefined };
    const { choices, shown } = await interview(given, [CERTIFICATE.replace("eu", "us"), CERTIFICATE, "", "", ""]);
    expect(shown).toMatch(/must be of aws\.region, eu-central-1/);
    expect(choices).toMatchObject({ certificateArn: CERTIFICATE, stage: "production" });
    expect(choices.zoneId).toBeUndefined();
  });

  test("need an answer where there is no default", async () => {
    const { shown } = await interview({ name: "elsewhere", realmOnly: true }, ["", "https://id.example.com", URL_, ""]);
    expect(shown).toMatch(/^Address of Keycloak[^\n]*: {3}An answer is needed\.\nAddress of Keycloak/);
  });

  test("take the whole address for the domain, and refuse what AWS cannot serve", async () => {
    const given = { ...NEEDED, domain: undefined, stage: "production", adminCidrs: [], alarmEmail: "a@example.com" };
    const answers = [
      "https://auth.staging.example.com",
      "auth",
      "auth.example.org",
      "https://auth.staging.example.com/auth",
    ];
    const { choices, shown } = await interview(given, answers);
    expect(shown).toContain("must be https://<domain>/auth on AWS");
    expect(shown).toContain('"auth" must be a domain in lower case');
    expect(shown).toContain('"staging.example.com" must be the zone of keycloak.url, whose domain is auth.example.org');
    expect(choices.url).toBe("https://auth.staging.example.com/auth");
  });

  test("propose the Region that AWS's tools use, or the certificate's", async () => {
    const given = { ...NEEDED, region: undefined };
    const region = async (choices: Choices, variables: NodeJS.ProcessEnv) =>
      (await interview(choices, ["", "", "", ""], variables)).choices.region;
    expect(await region(given, { AWS_REGION: "eu-north-1", AWS_DEFAULT_REGION: "eu-west-1" })).toBe("eu-north-1");
    expect(await region(given, { AWS_DEFAULT_REGION: "eu-west-1" })).toBe("eu-west-1");
    expect(await region({ ...given, certificateArn: CERTIFICATE }, { AWS_REGION: "eu-north-1" })).toBe("eu-central-1");
  });

  test("are not asked where flags say all that is needed", async () => {
    const output = new PassThrough();
    await newEnvironment(NEEDED, { folder, questions: { output, signal: new AbortController().signal } });
    expect(output.readableLength).toBe(0);
  });

  test("that stay without an answer write nothing", async () => {
    const questions = { input: Readable.from([""]), output: new PassThrough(), signal: new AbortController().signal };
    await expect(newEnvironment({ name: "staging" }, { folder, questions })).rejects.toThrow(
      "The input ended before all questions were answered. Nothing was done.",
    );
    expect(readdirSync(folder)).toEqual(["schema"]);
  });

  test("end when the command is interrupted, and nothing is written", async () => {
    const abort = new AbortController();
    const questions = { input: new PassThrough(), output: new PassThrough(), signal: abort.signal };
    const made = newEnvironment({ name: "staging" }, { folder, questions });
    abort.abort(new UserError("Interrupted."));
    await expect(made).rejects.toThrow("Interrupted.");
    expect(readdirSync(folder)).toEqual(["schema"]);
  });
});
