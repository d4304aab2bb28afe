import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { commandsIn, lostOptions, optionsOf, type DocumentedCommand } from "./support/commands.ts";
import { isCommand, optionsOfScripts, optionsOfVerb, SCRIPTS } from "./support/helps.ts";
import { anchorsOf, brokenLink, codeOf, linksOf, pages } from "./support/pages.ts";
import { refusal } from "./support/stacks.ts";

const texts = new Map(pages().map((file) => [file, readFileSync(file, "utf8")]));
const commands = [...texts].flatMap(([file, text]) =>
  codeOf(text).flatMap((code) => commandsIn(code).map((command) => ({ file, ...command }))),
);
const ofProgram = (program: DocumentedCommand["program"]) => commands.filter((command) => command.program === program);

/** Files and lines of commands of which something is wrong, with what it is. */
const problems = (
  all: readonly (DocumentedCommand & { file: string })[],
  look: (one: DocumentedCommand) => string | undefined,
) =>
  all.flatMap((command) => {
    const problem = look(command);
    return problem ? [`${command.file}:${command.line}: ${command.text}: ${problem}`] : [];
  });

describe("[docs.commands] every command in the documents", () => {
  let known: ReadonlyMap<string, ReadonlySet<string>>;
  const verbs = new Map<string, ReadonlySet<string> | undefined>();

  beforeAll(async () => {
    const names = [...new Set(ofProgram("npm").map(({ name }) => name))].filter(isCommand);
    const used = new Set(ofProgram("cdktf").map(({ name }) => name));
    // Two processes at a time.
    const ofVerbs = async () => {
      for (const verb of used) verbs.set(verb, await optionsOfVerb(verb));
    };
    [known] = await Promise.all([optionsOfScripts(names), ofVerbs()]);
  }, 60_000);

  test("is found: the pages have many", () => {
    expect(ofProgram("npm").length).toBeGreaterThan(60);
    expect(ofProgram("cdktf").length).toBeGreaterThan(10);
    expect(known.get("db-restore")).toEqual(new Set(["--list", "--yes", "--json", "--help"]));
    expect(known.get("db-dump")).toEqual(new Set(["--json", "--help"]));
  });

  test("is a script of package.json, and all commands of the project are in the README", () => {
    expect(problems(ofProgram("npm"), ({ name }) => (name in SCRIPTS ? "" : "no such script"))).toEqual([]);
    const inReadme = commands.filter(({ file }) => file === "README.md").map(({ name }) => name);
    const people = Object.keys(SCRIPTS).filter((name) => isCommand(name) && name !== "docs"); // that one is ours
    expect(people.filter((name) => !inReadme.includes(name))).toEqual([]);
  });

  test("has options that its --help shows, after the -- that npm needs", () => {
    const unknown = (command: DocumentedCommand) => {
      const options = known.get(command.name);
      return (
        options &&
        optionsOf(command)
          .filter((option) => !options.has(option))
          .join(" ")
      );
    };
    expect(problems(ofProgram("npm"), unknown)).toEqual([]);
    expect(problems(ofProgram("npm"), (command) => lostOptions(command).join(" "))).toEqual([]);
  });

  test("of cdktf has a verb and options that cdktf knows", () => {
    const unknown = (command: DocumentedCommand) => {
      const options = verbs.get(command.name);
      return options
        ? optionsOf(command)
            .filter((option) => !options.has(option))
            .join(" ")
        : "no such verb";
    };
    expect(problems(ofProgram("cdktf"), unknown)).toEqual([]);
  });

  test("of cdktf names stacks that it would run", () => {
    expect(problems(ofProgram("cdktf"), refusal)).toEqual([]);
  });
});

describe("[docs.commands] every link", () => {
  test("of a page points to a file and a heading that are there", () => {
    const broken = [...texts].flatMap(([file, text]) =>
      linksOf(text).flatMap(({ line, target }) => {
        const problem = brokenLink(target, file);
        return problem ? [`${file}:${line}: ${problem}`] : [];
      }),
    );
    expect(broken).toEqual([]);
    expect([...texts.values()].flatMap(linksOf).length).toBeGreaterThan(40);
  });

  test("that a command prints does as well", () => {
    const files = readdirSync("scripts", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    const broken = files.flatMap((file) =>
      [...readFileSync(join("scripts", file), "utf8").matchAll(/\bdocs\/[\w/-]+\.md(?:#[\w-]+)?/g)].flatMap(
        ([target]) => {
          const problem = brokenLink(target, "README.md");
          return problem ? [`scripts/${file}: ${problem}`] : [];
        },
      ),
    );
    expect(broken).toEqual([]);
  });
});

describe("the reader of the documents", () => {
  const found = (markdown: string) => codeOf(markdown).flatMap(commandsIn);

  test("finds commands in blocks and spans, without comments, and with what goes on in the next line", () => {
    const text =
      'Run `npm run -s admin -- a\n--json`.\n\n   ```sh\n   npm ci && npm test\n   X="$(npm run logs -- a --since 1d)"   # --no\n' +
      "   npm run deploy -- a \\\n     --plan | less\n   npx cdktf deploy 'a-*'\n   ```\n\n```mermaid\n  npm run none\n```\n";
    expect(found(text).map(({ line, name, words }) => [line, name, words.join(" ")])).toEqual([
      [5, "test", ""],
      [6, "logs", "-- a --since 1d"],
      [7, "deploy", "-- a --plan"],
      [9, "deploy", "a-*"],
      [1, "admin", "-- a --json"],
    ]);
  });

  test("takes options in a row of a table for those of its command", () => {
    const [command] = found("| a | b |\n| --- | --- |\n| `npm run verify -- <environment>` | it; `--lgin` | 0 |\n");
    expect(optionsOf(command!)).toEqual(["--lgin"]);
    expect(lostOptions(command!)).toEqual([]);
    expect(lostOptions(found("`npm run deploy --plan`")[0]!)).toEqual(["--plan"]);
  });

  test.each([
    ["cdktf deploy a-keycloak", /without a-registry/],
    ["cdktf deploy <environment>-realm", /without test-keycloak/],
    ["cdktf deploy a-keycloak a-realm", /without a-registry/],
    ["cdktf destroy a-registry", /without a-keycloak/],
    ["cdktf deploy a-relm", /is no stack/],
    ["cdktf diff b", /is no stack/],
    ["cdktf deploy a-registry", undefined],
    ["cdktf deploy a-registry a-keycloak", undefined],
    ["cdktf deploy 'a-*'", undefined],
    ["cdktf destroy a-realm", undefined],
    ["cdktf deploy a-realm --ignore-missing-stack-dependencies", undefined],
    ["cdktf diff a-realm", undefined],
    ["cdktf deploy <stacks>", undefined],
    ["cdktf deploy", undefined],
  ])("knows whether cdktf refuses: %s", (command, why) => {
    const problem = refusal(found(`\`${command}\``)[0]!);
    if (why) expect(problem).toMatch(why);
    else expect(problem).toBeUndefined();
  });

  test("makes anchors as GitHub does, and sees where one is missing", () => {
    expect(anchorsOf("# It's `a:b` (c), d\n\n## One\n## One\n")).toEqual(["its-ab-c-d", "one", "one-1"]);
    expect(linksOf("[a](b.md#c), [d](https://e.example), ![f](g.png), `[h](i)`\n\n[j]: k.md\n")).toEqual([
      { line: 1, target: "b.md#c" },
      { line: 1, target: "g.png" },
      { line: 3, target: "k.md" },
    ]);
    expect(brokenLink("docs/none.md", "README.md")).toBe("there is no docs/none.md");
    expect(brokenLink("../README.md#none", "docs/costs.md")).toBe("README.md has no heading #none");
    expect(brokenLink("#deploy", "README.md")).toBeUndefined();
  });
});
