import { expect, test } from "@jest/globals";
import { satisfies } from "../../../scripts/lib/doctor/version.ts";

test.each([
  ["1.11.0", ">= 1.11.0", true],
  ["1.11.4", ">= 1.11.0", true],
  ["1.9.8", ">= 1.11.0", false],
  ["2.0.0", ">= 1.11.0", true],
  ["1.11.0-rc1", ">= 1.11.0", false],
  ["1.11.1-rc1", ">= 1.11.0", true],
  ["v20.19.0", ">=20.19.0", true],
  ["v20.18.3", ">=20.19.0", false],
  ["v22.1.0", ">=20.19.0", true],
])("%s against %s", (version, requirement, expected) => {
  expect(satisfies(version, requirement)).toBe(expected);
});

test("what is no version is refused", () => {
  expect(() => satisfies("latest", ">= 1.11.0")).toThrow('cannot compare the version "latest"');
  expect(() => satisfies("1.2.3", "~> 1.11")).toThrow('with "~> 1.11"');
});
