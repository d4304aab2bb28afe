import { expect, test } from "@jest/globals";
import { wantsColour } from "../../../scripts/lib/terminal/colours.ts";

test.each([
  ["a terminal", { isTTY: true }, {}, true],
  ["a pipe or a file", { isTTY: false }, {}, false],
  ["a stream that is neither", {}, {}, false],
  ["the log of a CI job", { isTTY: false }, { CI: "true" }, false],
  ["a terminal that can't", { isTTY: true }, { TERM: "dumb" }, false],
  ["a terminal of somebody who doesn't want it", { isTTY: true }, { NO_COLOR: "1" }, false],
  ["NO_COLOR over FORCE_COLOR", { isTTY: true }, { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
  ["an empty NO_COLOR, which says nothing", { isTTY: true }, { NO_COLOR: "" }, true],
  ["a pipe where colour was asked for", { isTTY: false }, { FORCE_COLOR: "1" }, true],
  ["a terminal where it was asked to be off", { isTTY: true }, { FORCE_COLOR: "0" }, false],
])("colour on %s: %s, %j gives %s", (_, stream, variables, wanted) => {
  expect(wantsColour(stream, variables)).toBe(wanted);
});
