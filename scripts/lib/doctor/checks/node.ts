import { readFileSync } from "node:fs";
import type { Check } from "../check.ts";
import { fail, ok } from "../row.ts";
import { satisfies } from "../version.ts";

const { engines } = JSON.parse(readFileSync(new URL("../../../../package.json", import.meta.url), "utf8")) as {
  engines: { node: string };
};

/** Node.js, which runs all commands. */
export const nodeCheck: Check = {
  id: "machine.node",
  group: "This machine",
  what: "Node.js",
  run: () => {
    const { version } = process;
    return Promise.resolve(
      satisfies(version, engines.node)
        ? ok(version)
        : fail(`${version}, and the project needs ${engines.node}`, "Install a newer one: https://nodejs.org"),
    );
  },
};
