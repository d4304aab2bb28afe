import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { check, format } from "prettier";
import { loadEnvironment } from "../../../environments/index.ts";
import { environmentSchema } from "../../../environments/schema/index.ts";
import { contentOf, type Choices } from "../../../scripts/lib/new-environment/choices.ts";
import { newEnvironment } from "../../../scripts/lib/new-environment/index.ts";
import { element, flat, member } from "../../../scripts/lib/new-environment/literal.ts";
import { CERTIFICATE, NEEDED, temporaryEnvironments } from "./support/choices.ts";

const PRETTIER = { parser: "typescript", printWidth: 120 };

let folder: string;
beforeEach(() => {
  folder = temporaryEnvironments();
});
afterEach(() => rmSync(folder, { recursive: true }));

const EVERYTHING: Choices = {
  ...NEEDED,
  mcpServers: ["https://a.example.com/mcp=mcp:a", "https://b.example.com/mcp=mcp:b"],
  certificateArn: CERTIFICATE,
  stage: "development",
  adminCidrs: ["203.0.113.0/24", "198.51.100.7/32"],
  accountId: "111122223333",
  stateBucket: "acme-terraform-state",
  alarmEmail: "ops@example.com",
};

const CASES: [string, Choices][] = [
  ["with all that is needed", NEEDED],
  ["with everything that can be chosen", EVERYTHING],
  [
    "with a certificate and no zone",
    { ...NEEDED, zoneId: undefined, zoneName: undefined, certificateArn: CERTIFICATE },
  ],
  ["by Keycloak's whole address", { ...NEEDED, domain: undefined, url: "https://auth.staging.example.com/auth" }],
  [
    "of a realm on a Keycloak that runs elsewhere",
    { name: "elsewhere", realmOnly: true, url: "https://id.example.com", mcpServers: ["https://mcp.example.com/mcp"] },
  ],
  [
    "with names so long that lines must break",
    {
      ...NEEDED,
      mcpServers: [
        `https://${"long.".repeat(9)}example.com/mcp=mcp:${"a".repeat(60)}`,
        `https://${"b.".repeat(60)}com/mcp=b`,
      ],
      adminCidrs: Array.from({ length: 9 }, (_, index) => `203.0.113.${index}/32`),
    },
  ],
];

describe("the file of an environment", () => {
  test.each(CASES)("[environment.new] %s loads, and says what was chosen and nothing else", async (_, choices) => {
    await newEnvironment(choices, { folder });
    expect(await loadEnvironment(choices.name, folder)).toEqual(environmentSchema.parse(contentOf(choices)));
  });

  test.each(CASES)("%s is as prettier writes it", async (_, choices) => {
    const { text } = await newEnvironment(choices, { folder, dryRun: true });
    expect(await format(text, PRETTIER)).toBe(text);
  });

  test.each(CASES)("%s names in its comments only what is the default anyway, or an example", async (_, choices) => {
    const { text } = await newEnvironment(choices, { folder, dryRun: true });
    const uncommented = text.replace(/^( *)\/\/ (?=\w+: .*,|\{ resource: )/gm, "$1");
    expect(uncommented).not.toBe(text);
    writeFileSync(join(folder, `${choices.name}.ts`), uncommented);
    const { mcpServers, ...environment } = environmentSchema.parse(contentOf(choices));
    const loaded = await loadEnvironment(choices.name, folder);
    expect(loaded).toMatchObject(environment);
    expect(loaded.mcpServers).toEqual([...mcpServers, expect.objectContaining({ scope: "mcp:other" })]);
  });

  test("says that nobody reaches the admin console, where nobody was named", async () => {
    const { text, administrable } = await newEnvironment(NEEDED, { folder });
    expect(text).toContain("adminCidrs: [], // nobody reaches the admin console");
    expect(administrable).toBe(false);
    expect((await newEnvironment(EVERYTHING, { folder, dryRun: true })).administrable).toBe(true);
  });

  test("shows the defaults of its stage", async () => {
    const { text } = await newEnvironment({ ...NEEDED, stage: "development" }, { folder });
    expect(text).toMatch(/\/\/ network: .*natGateways: "one" }/);
    expect(readFileSync(join(folder, "staging.ts"), "utf8")).toBe(text);
  });
});

describe("a literal", () => {
  const strings = fc.oneof(fc.string({ maxLength: 90 }), fc.constantFrom("it's", 'say "hi"', `'"`, "a\\.b", "${x}"));
  const values = fc.oneof(
    strings,
    fc.boolean(),
    fc.array(strings),
    fc.dictionary(fc.constantFrom("a", "b c"), strings),
  );

  test("is the value again, on one line or several", () => {
    fc.assert(
      fc.property(values, (value) => {
        const read = (text: string): unknown => runInThisContext(`(${text})`);
        expect(read(flat(value))).toEqual(value);
        expect(read(`[${element(value, 4)}]`)).toEqual([value]);
        expect(read(`{ ${member("key", value, 2)} }`)).toEqual({ key: value });
      }),
    );
  });

  test("is as prettier writes it", async () => {
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        const text = `export default {\n  setting1: true,\n  ${member("setting", value, 2)}\n};\n`;
        expect(await check(text, PRETTIER)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
