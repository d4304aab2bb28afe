import { describe, expect, test } from "@jest/globals";
import { environmentOnAws } from "../support/environment.ts";
import { ADDRESSES, LOSSES, moved } from "./support/addresses.ts";
import { differences, forReview } from "./support/review.ts";
import { example, keycloakStack } from "./support/synth.ts";

const [production, development, intranet] = await Promise.all(
  (["production", "development", "intranet"] as const).map(async (name) => {
    const environment = await example(name);
    const template = keycloakStack(environment);
    return { environment, template, json: template.json };
  }),
);
const examples = [production!, development!, intranet!];

describe("[terraform.ids] what Terraform would destroy to make it anew:", () => {
  test("no resource, because all have the addresses that they always had", () => {
    expect(moved(new Set(examples.flatMap(({ template }) => template.addresses)), ADDRESSES)).toEqual([]);
  });

  test("a renamed one is told with what would be lost", () => {
    const [cluster] = ADDRESSES.aws_rds_cluster!;
    expect(moved(["aws_rds_cluster.database_aurora_0123ABCD"], { aws_rds_cluster: [cluster!] })).toEqual([
      `aws_rds_cluster.${cluster} is gone: Terraform would destroy the database, with every realm and every user in it. ` +
        "Keep the construct's id, or move the state with moveFromId().",
      "aws_rds_cluster.database_aurora_0123ABCD is new: if nothing was renamed, add it to support/addresses.ts.",
    ]);
    expect(Object.keys(LOSSES).filter((type) => !(type in ADDRESSES))).toEqual(["aws_ecr_repository"]);
  });

  // https://registry.terraform.io/providers/hashicorp/aws/6.25.0/docs/resources/rds_cluster
  test("not the database, whose arguments that cannot be changed are what they always were", () => {
    expect(production!.template.byId("aws_rds_cluster").database_cluster).toMatchObject({
      cluster_identifier: "keycloak-production",
      engine: "aurora-postgresql",
      database_name: "keycloak",
      master_username: "keycloak",
      db_subnet_group_name: "${aws_db_subnet_group.database_subnet-group.name}",
      storage_encrypted: true,
      kms_key_id: "${aws_kms_key.encryption-key.arn}",
    });
  });
});

describe("[terraform.synth] for review,", () => {
  test("the whole stack of production", () => {
    expect(forReview(production!.json)).toMatchSnapshot();
  });

  test("what development has otherwise", () => {
    expect(differences(development!, production!)).toMatchSnapshot();
  });

  test("what the intranet has otherwise", () => {
    expect(differences(intranet!, production!)).toMatchSnapshot();
  });
});

describe("outputs", () => {
  test("[terraform.ids] have the names that scripts and people know", () => {
    expect(production!.template.outputs()).toEqual({
      url: "https://auth.example.com/auth",
      issuer: "https://auth.example.com/auth/realms/mcp",
      load_balancer_dns_name: "${aws_lb.load-balancer.dns_name}",
      cluster_name: "${aws_ecs_cluster.service_cluster.name}",
      service_name: "${aws_ecs_service.service.name}",
      image: "${data.aws_ecr_image.keycloak-image.image_uri}",
      log_group: "${aws_cloudwatch_log_group.log-group.name}",
      database_cluster: "${aws_rds_cluster.database_cluster.cluster_identifier}",
      database_endpoint: "${aws_rds_cluster.database_cluster.endpoint}",
      alarm_topic_arn: "${aws_sns_topic.monitoring_topic.arn}",
      dashboard_name: "${aws_cloudwatch_dashboard.monitoring_dashboard.dashboard_name}",
      admin_password_parameter: "/keycloak/production/admin_password",
    });
  });

  test.each(examples)("of $environment.name are the same ones, each with a description", ({ template }) => {
    expect(Object.keys(template.outputs())).toEqual(Object.keys(production!.template.outputs()));
    for (const output of Object.values(template.json.output as Record<string, { description: string }>))
      expect(output.description).toMatch(/^[A-Z].{5,}/);
  });
});

describe("[secrets.nowhere] a placeholder for a secret", () => {
  // Terraform could make the parameters with a value that somebody changes later: until then it is the password.
  test.each(examples)("never appears in $environment.name: no resource holds a secret's value", ({ template }) => {
    const holders = /^aws_(ssm_parameter|secretsmanager_secret_version)\.|^random_/;
    expect(template.addresses.filter((address) => holders.test(address))).toEqual([]);
    expect(JSON.stringify(template.json)).not.toMatch(/change.?me|place.?holder|dummy|to.?be.?set|temp(orary)?.?pass/i);
  });
});

test("the first task waits for the instances of the database", () => {
  // It waited for the cluster's endpoint only, which is there minutes earlier: three tasks found no database, the
  // circuit breaker ended the first deployment, and there was none to go back to.
  const { depends_on: after } = production!.template.byId("aws_ecs_service").service!;
  expect(after).toEqual(
    expect.arrayContaining([
      "aws_rds_cluster_instance.database_instance-1",
      "aws_rds_cluster_instance.database_instance-2",
      "aws_lb_listener.load-balancer_https",
    ]),
  );
});

describe("the image", () => {
  const image = (settings: object) =>
    keycloakStack(environmentOnAws({ image: settings })).byId("data.aws_ecr_image")["keycloak-image"];

  test("is looked up in the registry stack's repository, by the tag of its content", () => {
    expect(image({})).toEqual({
      repository_name: "keycloak-test",
      image_tag: expect.stringMatching(/^\d+\.\d+\.\d+-[0-9a-f]{12}$/),
    });
  });

  test("has the tag or the digest that the environment names", () => {
    const digest = `sha256:${"0".repeat(64)}`;
    expect(image({ tag: "26.7.3-hotfix" })).toMatchObject({ image_tag: "26.7.3-hotfix" });
    expect(image({ digest })).toEqual({ repository_name: "keycloak-test", image_digest: digest });
  });
});

describe("what the environment leaves out is not there:", () => {
  test.each([
    ["flow logs", { network: { flowLogRetentionDays: 0 as const } }, /flow/],
    ["the firewall", { waf: { enabled: false } }, /waf/],
    ["interface endpoints", { network: { interfaceEndpoints: false } }, /endpoints_(?!s3)|security-groups_.*endpoints/],
  ])("%s", (_, changes, address) => {
    const all = keycloakStack(environmentOnAws()).addresses;
    expect(all.some((one) => address.test(one))).toBe(true);
    expect(keycloakStack(environmentOnAws(changes)).addresses.filter((one) => address.test(one))).toEqual([]);
  });

  test("a network of its own, where there is one already: it gets security groups, and nothing else", () => {
    const types = intranet!.template.addresses.map((address) => address.split(".")[0]!);
    expect(
      types.filter((type) => /vpc|subnet$|route_|nat_|gateway|eip|flow/.test(type) && !/_rule$/.test(type)),
    ).toEqual([]);
    for (const group of intranet!.template.resources("aws_security_group"))
      expect(group.vpc_id).toBe("vpc-0123456789abcdef0");
  });
});

test("the key of the database is the environment's choice; logs are encrypted with its own key in any case", () => {
  const { template } = intranet!; // kmsKey: "aws-managed"
  expect(template.resource("aws_rds_cluster")).not.toHaveProperty("kms_key_id");
  for (const group of Object.values(template.byId("aws_cloudwatch_log_group")))
    expect(group.kms_key_id).toBe("${aws_kms_key.encryption-key.arn}");
});

test("${} in a setting is a text, not an expression that Terraform would read", () => {
  const template = keycloakStack(environmentOnAws({ database: { restoreFromSnapshot: "${before}" } }));
  expect(template.resource("aws_rds_cluster").snapshot_identifier).toBe("$${before}");
});
