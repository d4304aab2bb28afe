import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { openComments } from "../../../scripts/lib/docs/comments.ts";
import { settingsTables, withSettings } from "../../../scripts/lib/docs/settings-table.ts";
import { UserError } from "../../../scripts/lib/errors.ts";
import { bad, good, twins } from "./fixture.ts";

describe("the settings of an environment", () => {
  const page = readFileSync("docs/settings.md", "utf8");
  const fresh = withSettings(page);

  test("docs/settings.md is up to date: npm run docs", () => {
    expect(page).toBe(fresh);
  });

  test.each([
    ["`name`", "string", "required"],
    ["**`aws`**", "settings", "none: only the realm, on a Keycloak that runs elsewhere"],
    ["`aws.region`", '`"af-south-1" \\| "ap-east-1" \\| … \\| "us-west-2"` (34 values)', "required"],
    ["`aws.stage`", '`"production" \\| "development"`', '`"production"`'],
    ["`aws.network.availabilityZones`", "whole number (2 to 4) or list of strings", "`2`"],
    [
      "`aws.network.natGateways`",
      '`"one-per-az" \\| "one" \\| "none"`',
      '`"one-per-az"` in production, `"one"` in development',
    ],
    ["`aws.network.existingVpc.vpcId`", "string", "required"],
    ["`aws.database.minCapacity`", "number (0.5 to 256)", "`0.5`"],
    ["`aws.tags`", "object of strings", "none"],
    ["`mcpServers[].scope`", "string", '`"mcp:run"` for the first server; the others must name theirs'],
    ["`realm.lifespans.offlineIdle`", "string", '`"720h"` (30 days)'],
    ["`realm.deletionProtection`", "boolean", "`true`"],
    ["**`registration.trustedHosts`**", '`"remove"` or `{ hosts }`', '`"remove"`'],
  ])("lists %s: %s, default %s", (setting, type, fallback) => {
    expect(fresh).toContain(`\n| ${setting} | ${type} | ${fallback} | `);
  });
});

describe("settingsTables", () => {
  const commentsOf = openComments(fileURLToPath(new URL("fixture.ts", import.meta.url)));

  test("shows sections, each variant of a union, remarks and what a transform hides", () => {
    expect(settingsTables(good, commentsOf("Good"))).toMatchInlineSnapshot(`
      "## The environment itself

      | Setting | Type | Default | Description |
      | --- | --- | --- | --- |
      | \`name\` | string | required | Described over two lines, where a &lt; b \\| c. |
      | \`limits\` | object of whole numbers (1 or more) | none | Sizes by name. |
      | \`count\` | string | \`"5"\` | Read as text, kept as a number. |

      ## \`store\`

      | Setting | Type | Default | Description |
      | --- | --- | --- | --- |
      | **\`store\`** | settings | as below | Where it is kept. |
      | \`store.size\` | number (over 0) | \`2\` (GiB) | How much fits. |

      ## \`volumes\`

      | Setting | Type | Default | Description |
      | --- | --- | --- | --- |
      | **\`volumes\`** | list of (\`{ kind: "disk" }\` or \`{ kind: "cloud" }\`) | none | One or the other, many times. |
      | \`volumes[].kind\` | \`"disk"\` | required | With \`{ kind: "disk" }\`: Says that it is a disk. |
      | \`volumes[].path\` | string | required | With \`{ kind: "disk" }\`: Where the disk is mounted. |
      | \`volumes[].kind\` | \`"cloud"\` | required | With \`{ kind: "cloud" }\`: Says that it is somewhere else. |
      | \`volumes[].path\` | string | required | With \`{ kind: "cloud" }\`: Where that is. |
      | \`volumes[].region\` | string | \`"near"\` in winter, \`"far"\` \\| \`"away"\` in summer | With \`{ kind: "cloud" }\`: Its Region. |

      ## \`cache\`

      | Setting | Type | Default | Description |
      | --- | --- | --- | --- |
      | **\`cache\`** | \`false\` or \`{ seconds }\` | \`false\` | Off, or with what. |
      | \`cache.seconds\` | whole number (1 to 60) | required | With \`{ seconds }\`: For so many seconds. |"
    `);
  });

  test("names every setting whose comment contradicts the schema or that has none", () => {
    expect(() => settingsTables(bad, commentsOf("Bad"))).toThrow(
      new UserError(
        [
          'list: its comment says @default ["a"], but the schema\'s default is ["a", "b"]: correct the comment',
          "days: its comment says @default 30 (days), but the schema's default is 7: correct the comment",
          'name: is required, but its comment says @default "x": take that out',
          "few: has no description: write a comment, /** ... */, above it in the schema",
          "few.size: has no description: write a comment, /** ... */, above it in the schema",
        ].join("\n"),
      ),
    );
  });

  test("does not guess which of two variants a comment is about", () => {
    expect(() => settingsTables(twins, commentsOf("Twins"))).toThrow(
      "volume: two variants have settings of the same names: comments cannot be told apart",
    );
  });
});
