import { describe, expect, test } from "@jest/globals";
import { resources } from "./support/blocks.ts";
import {
  documentsOf,
  hasWildAction,
  isForEverybody,
  isWide,
  mentions,
  statements,
  type Statement,
} from "./support/iam.ts";
import { synthesizeAll } from "./support/stacks.ts";

/** A statement that may be about every resource: what exactly it allows, and why it cannot name them. */
interface WideStatement {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly reason: string;
}

const KEY_POLICY = "a key's own policy: * stands for the key";

const WIDE_STATEMENTS: readonly WideStatement[] = [
  { sid: "AccountAdministersTheKey", actions: ["kms:*"], reason: KEY_POLICY },
  {
    sid: "LogGroupsOfTheAccount",
    actions: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
    reason: KEY_POLICY,
  },
  { sid: "AlarmsOfTheAccount", actions: ["kms:Decrypt", "kms:GenerateDataKey*"], reason: KEY_POLICY },
  {
    sid: "LogInToEcr",
    actions: ["ecr:GetAuthorizationToken"],
    reason: "the token is the account's: the action knows no resource",
  },
  {
    sid: "FindTheLogGroup",
    actions: ["logs:DescribeLogGroups"],
    reason: "flow logs list the log groups to find theirs: a list is of all",
  },
  {
    sid: "EcsExecSessions",
    actions: [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ],
    reason: "sessions of ECS Exec: the actions know no resource",
  },
];

/** Statements that may allow every action of a service, and why. */
const WILD_STATEMENTS: Readonly<Record<string, string>> = {
  AccountAdministersTheKey: "who may change the key is for the account's own IAM policies to say",
};

/** Policies of AWS that roles have, and why. */
const AWS_POLICIES: Readonly<Record<string, string>> = {
  "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole":
    "the one policy that RDS's enhanced monitoring is documented with; it writes to one log group",
};

const ACCOUNT = "${data.aws_caller_identity.account.account_id}";

const stacks = (await synthesizeAll()).map(({ environment, stack, json }) => ({
  stack,
  json,
  account: environment.aws?.accountId ?? ACCOUNT,
  statements: statements(json),
  trusts: documentsOf(json, "aws_iam_role", "assume_role_policy"),
  keyPolicies: documentsOf(json, "aws_kms_key", "policy"),
  endpointPolicies: documentsOf(json, "aws_vpc_endpoint", "policy"),
}));
const everywhere = stacks.flatMap((one) => one.statements);
const allowed = everywhere.filter(({ allows }) => allows);

describe.each(stacks)("policies of $stack", ({ json, account, statements, trusts, keyPolicies, endpointPolicies }) => {
  const show = (found: readonly Statement[]) => found.map(({ address, sid }) => `${address} ${sid ?? ""}`.trim());

  test("name their resources, but for trust policies, which have none", () => {
    const unnamed = statements.filter(({ address, resources }) => resources.length === 0 && !trusts.includes(address));
    expect(show(unnamed)).toEqual([]);
  });

  test("are about all resources only where they cannot name one", () => {
    const wide = statements.filter((one) => one.allows && isWide(one));
    const unlisted = wide.filter(
      ({ sid, actions }) =>
        !WIDE_STATEMENTS.some((known) => known.sid === sid && known.actions.join() === actions.join()),
    );
    expect(show(unlisted)).toEqual([]);
  });

  test("allow all actions of a service only to the account itself, on its key", () => {
    const wild = statements.filter((one) => one.allows && hasWildAction(one));
    for (const one of wild) {
      expect(Object.keys(WILD_STATEMENTS)).toContain(one.sid);
      expect(keyPolicies).toContain(one.address);
      expect(one.principals).toEqual([{ type: "AWS", identifiers: [`arn:aws:iam::${account}:root`] }]);
    }
  });

  test("say what they are about, not what they are not about", () => {
    expect(show(statements.filter(({ excepts }) => excepts))).toEqual([]);
  });

  test("allow nothing to everybody without a condition, but for what an endpoint lets through", () => {
    const open = statements.filter((one) => one.allows && isForEverybody(one) && one.conditions.length === 0);
    expect(show(open.filter(({ address }) => !endpointPolicies.includes(address)))).toEqual([]);
  });

  test("let a service take a role for this account only", () => {
    const all = statements.filter(({ address }) => trusts.includes(address));
    expect(all).toHaveLength(resources(json, "aws_iam_role").length);
    for (const { principals, actions, conditions } of all) {
      expect(actions).toEqual(["sts:AssumeRole"]);
      expect(principals).toEqual([{ type: "Service", identifiers: [expect.stringMatching(/\.amazonaws\.com$/)] }]);
      expect(conditions).toContainEqual({ test: "StringEquals", variable: "aws:SourceAccount", values: [account] });
    }
  });

  test("let a service do nothing for another account", () => {
    const ofServices = statements.filter((one) => one.allows && one.principals.some(({ type }) => type === "Service"));
    expect(show(ofServices.filter((one) => !mentions(one, account)))).toEqual([]);
  });

  test("are written out here, or known policies of AWS", () => {
    const attached = resources(json, "aws_iam_role_policy_attachment").map(({ attributes }) => attributes.policy_arn);
    expect(Object.keys(AWS_POLICIES)).toEqual(expect.arrayContaining(attached));
    const others = Object.keys(json.resource ?? {}).filter((type) =>
      /^aws_iam_(user|group|access_key|policy_attachment|instance_profile|service_linked_role)/.test(type),
    );
    expect(others).toEqual([]);
  });
});

test("no exception is listed that nothing needs any more", () => {
  const sids = (found: readonly Statement[]) => [...new Set(found.map(({ sid }) => sid))].sort();
  expect(WIDE_STATEMENTS.map(({ sid }) => sid).sort()).toEqual(sids(allowed.filter(isWide)));
  expect(Object.keys(WILD_STATEMENTS).sort()).toEqual(sids(allowed.filter(hasWildAction)));
  const attached = stacks.flatMap(({ json }) => resources(json, "aws_iam_role_policy_attachment"));
  expect(Object.keys(AWS_POLICIES)).toEqual([...new Set(attached.map(({ attributes }) => attributes.policy_arn))]);
});

test("no exception is listed twice, or without a reason", () => {
  const reasons = [...WIDE_STATEMENTS.map(({ reason }) => reason), ...Object.values(WILD_STATEMENTS)];
  for (const reason of [...reasons, ...Object.values(AWS_POLICIES)]) expect(reason.length).toBeGreaterThan(20);
  expect(new Set(WIDE_STATEMENTS.map(({ sid }) => sid)).size).toBe(WIDE_STATEMENTS.length);
});
