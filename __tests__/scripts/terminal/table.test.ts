import { expect, test } from "@jest/globals";
import { table, wrap } from "../../../scripts/lib/terminal/table.ts";
import { progressBar } from "../../../scripts/lib/terminal/progress.ts";

test("columns are aligned, without blanks at the end of lines", () => {
  expect(
    table([
      ["a", "bb", "c"],
      ["aaa", "b", ""],
    ]),
  ).toBe("a    bb  c\naaa  b");
});

test("the last column wraps, indented", () => {
  expect(table([["key", "one two three four five six seven"]], 30)).toBe(
    "key  one two three four five\n     six seven",
  );
});

test("colours do not disturb the alignment", () => {
  const paint = (cell: string) => `\u001b[31m${cell}\u001b[39m`;
  const lines = table(
    [
      ["a", "x"],
      ["aaa", "y"],
    ],
    0,
    paint,
  ).split("\n");
  expect(lines[0]).toBe("\u001b[31ma\u001b[39m    \u001b[31mx\u001b[39m");
});

test("a word that is too long stays whole", () => {
  expect(wrap("see https://auth.example.com/auth/realms/mcp now", 12)).toEqual([
    "see",
    "https://auth.example.com/auth/realms/mcp",
    "now",
  ]);
});

test("the progress bar shows share and megabytes", () => {
  expect(progressBar(44e6, 176e6, 8)).toBe("[==      ] 25 %  44 / 176 MB");
  expect(progressBar(44e6, undefined)).toBe("44 MB");
});
