import { describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { TaskRoles } from "../../../constructs/ecs/roles.ts";
import { synthConstruct } from "../../support/template.ts";

const SECRETS = ["admin_password", "db_password"].map(
  (name) => `arn:aws:ssm:eu-central-1:111122223333:parameter/keycloak/test/${name}`,
);

const roles = (exec: boolean) =>
  synthConstruct((scope) => {
    const { executionRoleArn, taskRoleArn } = new TaskRoles(scope, "roles", {
      name: "keycloak-test",
      accountId: "111122223333",
      repositoryArn: "arn:aws:ecr:eu-central-1:111122223333:repository/keycloak-test",
      logGroupArn: "arn:aws:logs:eu-central-1:111122223333:log-group:/ecs/keycloak/test",
      secretArns: SECRETS,
      exec,
    });
    new TerraformOutput(scope, "arns", { value: [executionRoleArn, taskRoleArn] });
  });

const template = roles(false);

test("a task has two roles, which ECS takes for tasks only", () => {
  expect(template.outputs().arns).toEqual(["${aws_iam_role.roles_execution.arn}", "${aws_iam_role.roles_task.arn}"]);
  expect(template.byId("aws_iam_role")).toMatchObject({
    roles_execution: { name: "keycloak-test-execution" },
    roles_task: { name: "keycloak-test-task" },
  });
  for (const trust of ["roles_execution-trust", "roles_task-trust"])
    expect(template.statements(trust)).toMatchObject([{ principals: [{ identifiers: ["ecs-tasks.amazonaws.com"] }] }]);
});

describe("the agent that starts a task", () => {
  test("may pull this image, write this log and read these secrets", () => {
    expect(template.statements("roles_start-task")).toEqual([
      { sid: "LogInToEcr", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
      {
        sid: "PullTheImage",
        actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        resources: ["arn:aws:ecr:eu-central-1:111122223333:repository/keycloak-test"],
      },
      {
        sid: "WriteTheLog",
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: ["arn:aws:logs:eu-central-1:111122223333:log-group:/ecs/keycloak/test:*"],
      },
      { sid: "ReadTheSecrets", actions: ["ssm:GetParameters"], resources: SECRETS },
    ]);
  });

  test("is the only one who may do anything", () => {
    expect(template.byId("aws_iam_role_policy")).toEqual({
      "roles_execution-start-task": {
        name: "start-task",
        role: "${aws_iam_role.roles_execution.name}",
        policy: "${data.aws_iam_policy_document.roles_start-task.json}",
      },
    });
  });
});

test("Keycloak itself may hold sessions of ECS Exec where that is on, and do nothing else", () => {
  const withExec = roles(true);
  expect(withExec.byId("aws_iam_role_policy")["roles_task-exec"]).toMatchObject({
    role: "${aws_iam_role.roles_task.name}",
    policy: "${data.aws_iam_policy_document.roles_exec.json}",
  });
  expect(withExec.statements("roles_exec")).toEqual([
    {
      sid: "EcsExecSessions",
      actions: [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      resources: ["*"],
    },
  ]);
});
