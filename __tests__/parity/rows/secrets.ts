import { changed, dropped, missing, section, Text, type Row } from "../support/row.ts";
import { OUTSIDE_TERRAFORM } from "./reasons.ts";

const FILE = "modules/keycloak/main.tf";
const NAME = "the article's name; whoever makes the parameter and whoever reads it agree on it";

/** The passwords. */
export const SECRETS: readonly Row[] = [
  ...["db_password", "keycloak_password"].flatMap((name) =>
    missing(`${FILE}, random_password.${name}`, "random_password *", OUTSIDE_TERRAFORM, { length: 30, special: false }),
  ),
  ...parameter("db_password", "DB_PASSWORD", "ephemeral.aws_ssm_parameter: arn", "db_password"),
  ...parameter(
    "keycloak_password",
    "KEYCLOAK_PASSWORD",
    "container keycloak: secrets.KC_BOOTSTRAP_ADMIN_PASSWORD",
    "admin_password",
  ),
];

function parameter(name: string, theirs: string, address: string, ours: string): Row[] {
  const source = `${FILE}, aws_ssm_parameter.${name}`;
  return [
    ...section(
      source,
      "",
      [
        changed(
          "name",
          `/keycloak/repository/${theirs}`,
          new Text(`:parameter/keycloak/repository/${ours}`),
          NAME,
          address,
        ),
        ...Object.entries({
          description: `password for module.label.id`,
          tags: "module.label.tags",
          type: "SecureString",
          value: `random_password.${name}.result`,
        }).map(([argument, value]) => dropped(argument, value, OUTSIDE_TERRAFORM, "aws_ssm_parameter *")),
      ],
      "repository",
    ),
  ];
}
