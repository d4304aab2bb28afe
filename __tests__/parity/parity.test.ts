import { describe, expect, test } from "@jest/globals";
import { AREAS } from "./rows/index.ts";
import { ENVIRONMENTS, environmentOf, type EnvironmentName } from "./support/environments.ts";
import { idOf, problemOf } from "./support/row.ts";
import { find, parsed, viewOf, type View } from "./support/view.ts";

const names = Object.keys(ENVIRONMENTS) as EnvironmentName[];
const views = Object.fromEntries(
  await Promise.all(names.map(async (name) => [name, viewOf(await environmentOf(name))] as const)),
) as Record<EnvironmentName, View>;

const rows = Object.values(AREAS).flat();

describe.each(Object.entries(AREAS))("of the article's Terraform, %s:", (_, ofArea) => {
  test.each(ofArea.map((row) => [idOf(row), row] as const))("%s", (_id, row) => {
    expect(problemOf(row, find(views[row.environment], row.ours))).toBeUndefined();
  });
});

describe("the table", () => {
  test("has each setting once", () => {
    const ids = rows.map(idOf);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  test("says in a sentence why a setting is another one, or gone, and nothing where it is the same", () => {
    expect(rows.filter(({ kind }) => kind !== "same").filter(({ because }) => words(because) < 4)).toEqual([]);
    expect(rows.filter(({ kind, because }) => kind === "same" && because !== undefined)).toEqual([]);
  });

  test("shows rows of every area, on every environment", () => {
    expect(Object.entries(AREAS).filter(([, ofArea]) => ofArea.length === 0)).toEqual([]);
    expect([...new Set(rows.map(({ environment }) => environment))].sort()).toEqual(names.toSorted());
  });

  test("fails in every row where something else is found", () => {
    const found = { found: true, value: "something else" };
    expect(rows.filter((row) => problemOf(row, found) === undefined).map(idOf)).toEqual([]);
  });

  // Where ours has none of a kind, a row with a misspelt name would pass as well.
  test("names the kinds of blocks of which ours has none", () => {
    const kinds = new Set(Object.values(views).flatMap((view) => view.map(({ type }) => type)));
    const missing = rows.map(({ ours }) => parsed(ours).type).filter((type) => !kinds.has(type));
    expect([...new Set(missing)].sort()).toEqual([
      "aws_dynamodb_table",
      "aws_ecr_repository_policy",
      "aws_ssm_parameter",
      "data.aws_subnet",
      "data.keycloak_openid_client_scope",
      "keycloak_openid_client_default_scopes",
      "keycloak_openid_client_optional_scopes",
      "keycloak_openid_group_membership_protocol_mapper",
      "keycloak_openid_user_property_protocol_mapper",
      "keycloak_openid_user_realm_role_protocol_mapper",
      "module",
      "random_password",
      "random_string",
    ]);
  });

  // A row that goes, or stops to be the same, is a decision: it shows up here.
  test("has as many rows of each kind as the last review has counted", () => {
    const count = (wanted: string) => rows.filter(({ kind }) => kind === wanted).length;
    expect({ same: count("same"), changed: count("changed"), dropped: count("dropped") }).toEqual({
      same: 421,
      changed: 116,
      dropped: 174,
    });
  });
});

function words(text = ""): number {
  return text.split(/\s+/).filter(Boolean).length;
}
