import { changed, dropped, missing, same, sameAs, section, Text, type Row } from "../support/row.ts";
import { ONE_NAME, OWN_RESOURCES } from "./reasons.ts";

const FILE = "environments/template/main.tf";
const BACKEND = "a stack cannot keep its state in a bucket that it makes itself first; aws.state names one that exists";
const WRITE_ONLY = "the first release with write-only arguments, which keep the password out of the state";
const PINNED = "the one release that the bindings are made of, and the tests run with";
const NOT_IN_CODE = "the provider reads KEYCLOAK_* variables: nothing of an administrator is in code or state";

/** Terraform itself, its state, its providers, and the names and tags that theirs makes by a module. */
export const STATE: readonly Row[] = [
  ...section(`${FILE}, provider.aws`, "provider aws", [same("region", "us-east-1")], "repository"),
  ...missing(`${FILE}, random_string.namespace`, "random_string *", ONE_NAME, {
    length: 8,
    numeric: false,
    special: false,
    upper: false,
  }),
  ...missing(`${FILE}, module.terraform_state_backend`, "module *", BACKEND, {
    source: "cloudposse/terraform-aws-tfstate-backend 1.7.1",
    tags: "var.tags",
    terraform_backend_config_file_path: ".",
    terraform_backend_config_file_name: "backend.tf",
    force_destroy: false,
  }),
  ...section(
    `${FILE}, module.terraform_state_backend`,
    "terraform keycloak",
    [
      changed("environment, name, namespace", "bucket's name", "example-terraform-state", BACKEND, "backend.s3.bucket"),
      sameAs("state is encrypted", "encrypted", true, "backend.s3.encrypt"),
      changed(
        "state is locked by",
        "a DynamoDB table",
        true,
        "S3 has locks of its own by now, and needs no table",
        "backend.s3.use_lockfile",
      ),
    ],
    "existing VPC",
  ),
  ...section(`${FILE}, module.keycloak`, "module *", [
    dropped("source", "../../modules/keycloak", OWN_RESOURCES, "module *"),
  ]),
  ...["modules/keycloak/versions.tf", "modules/network/versions.tf"].flatMap((file) =>
    section(file, "terraform keycloak", [
      changed("required_version", ">= 0.12.0", ">= 1.11.0", WRITE_ONLY),
      sameAs("required_providers.aws.source", "hashicorp/aws", "aws"),
      changed("required_providers.aws.version", ">= 2.0", "6.25.0", PINNED),
    ]),
  ),
  ...section("mcp-oauth/provider.tf, terraform", "terraform realm", [
    changed("required_version", ">= 1.0", ">= 1.11.0", "the same for all stacks of the project"),
    same("required_providers.keycloak.source", "keycloak/keycloak"),
    changed("required_providers.keycloak.version", ">= 4.3.0", "5.6.0", PINNED),
  ]),
  ...section("mcp-oauth/provider.tf, provider.keycloak", "provider keycloak", [
    dropped("client_id", "admin-cli", NOT_IN_CODE),
    dropped("username", "var.keycloak_admin_username", NOT_IN_CODE),
    dropped("password", "var.keycloak_admin_password", NOT_IN_CODE),
    sameAs("url, origin", "https://keycloak.example.com/auth", "https://auth.example.com", "url"),
    sameAs("url, path", "https://keycloak.example.com/auth", "/auth", "base_path"),
  ]),
  ...section(
    "modules/keycloak/main.tf, module.label",
    "provider aws",
    [
      dropped(
        "source",
        "cloudposse/terraform-null-label 0.25.0",
        "a name is one line, constructs/names.ts",
        "module *",
      ),
      same("environment", "repository", "default_tags.tags.Environment"),
      changed(
        "label_order",
        ["namespace", "name", "environment"],
        "keycloak-repository",
        "name and environment; there is no random part",
        "aws_ecs_cluster: name",
      ),
      sameAs("name", "keycloak", new Text("keycloak-"), "aws_ecs_cluster: name"),
      changed("namespace", "random_string.namespace.result", "keycloak-repository", ONE_NAME, "aws_ecs_cluster: name"),
      same("tags.Description", "Keycloak IdP", "default_tags.tags.Description"),
      same("tags.Service", "keycloak", "default_tags.tags.Service"),
      changed("tags.Managed-by", "terraform", "cdktf", "it says where to make a change", "default_tags.tags.ManagedBy"),
    ],
    "repository",
  ),
];
