import { expect, test } from "@jest/globals";
import { serviceRole } from "../../constructs/service-role.ts";
import { synthConstruct } from "../support/template.ts";

const role = (policies: Readonly<Record<string, string>>) =>
  synthConstruct((scope) =>
    serviceRole(scope, "role", {
      name: "keycloak-test",
      service: "ecs.amazonaws.com",
      accountId: "111122223333",
      policies,
    }),
  );

test("a role is taken by one service, and on behalf of this account alone", () => {
  const template = role({});
  expect(template.byId("aws_iam_role")).toMatchObject({
    role: { name: "keycloak-test", assume_role_policy: "${data.aws_iam_policy_document.role-trust.json}" },
  });
  expect(template.statements("role-trust")).toEqual([
    {
      actions: ["sts:AssumeRole"],
      principals: [{ type: "Service", identifiers: ["ecs.amazonaws.com"] }],
      condition: [{ test: "StringEquals", variable: "aws:SourceAccount", values: ["111122223333"] }],
    },
  ]);
});

test("a role may do what its policies say, each under its own name", () => {
  expect(role({ read: '{"a":1}', write: '{"b":2}' }).byId("aws_iam_role_policy")).toMatchObject({
    "role-read": { name: "read", role: "${aws_iam_role.role.name}", policy: '{"a":1}' },
    "role-write": { name: "write", role: "${aws_iam_role.role.name}", policy: '{"b":2}' },
  });
});

test("a role without policies may do nothing", () => {
  expect(role({}).addresses.filter((address) => !address.startsWith("aws_iam_role."))).toEqual([]);
});
