import { blocks, leaves, type Block, type TerraformJson } from "./blocks.ts";
import { addressesIn, references } from "./references.ts";

/** What a name of an argument, variable or field ends in that holds a secret; in snake case. */
const SECRET_NAME =
  /(^|_)(passwords?|passwd|passphrase|secrets?|tokens?|private_key|secret_key|access_key|credentials?)(_wo)?$/;

/** Data sources and resources whose secret value would be in the state. */
const SECRET_TYPES =
  /^(aws_ssm_parameters?(_by_path)?|aws_secretsmanager_(secret_version|random_password)|aws_rds_cluster_auth_token|aws_iam_access_key|aws_ecr_authorization_token|random_password|tls_private_key)$/;

/** Values that stand where a secret belongs, as sentences that do not repeat them. */
export function literalSecrets(json: TerraformJson): string[] {
  return blocks(json).flatMap(({ address, attributes }) =>
    [...leaves(attributes), ...namedValues(attributes)]
      .filter(({ key, value }) => SECRET_NAME.test(snakeCase(key)) && isLiteral(value))
      .map(({ path }) => `${address}: ${path} holds a value`),
  );
}

function isLiteral(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && value !== "" && !/^\$\{[^}]*\}$/.test(value));
}

/** Pairs such as a container's `{ name: "KC_DB_PASSWORD", value: "..." }`, as if the name were the key. */
function namedValues(attributes: Block["attributes"]) {
  const all = [...leaves(attributes)];
  const names = new Map(
    all.filter(({ key }) => key === "name").map(({ path, value }) => [parent(path), String(value)]),
  );
  return all
    .filter(({ key }) => key === "value" || key === "default_value")
    .flatMap(({ path, value }) => {
      const key = names.get(parent(path));
      return key === undefined ? [] : [{ path: `${parent(path)} (${key})`, key, value }];
    });
}

function parent(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(".")));
}

function snakeCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toLowerCase();
}

/** Blocks that read or make a secret so that it is in the state. */
export function secretsInState(json: TerraformJson): string[] {
  return blocks(json)
    .filter(({ kind, type }) => kind !== "ephemeral" && SECRET_TYPES.test(type))
    .map((one) => one.address);
}

/** Ephemeral values that flow elsewhere than into a resource's write-only argument (Terraform would refuse most). */
export function leakedEphemerals(json: TerraformJson): string[] {
  return blocks(json).flatMap(({ kind, address, attributes }) =>
    [...leaves(attributes)]
      .filter(({ value }) => typeof value === "string" && isEphemeral(value))
      .filter(({ key }) => kind !== "resource" || !key.endsWith("_wo"))
      .map(({ path }) => `${address}: ${path}`),
  );
}

/** Write-only arguments whose value is no ephemeral one: it would be in the synthesized JSON, or in the state. */
export function lastingWriteOnlyArguments(json: TerraformJson): string[] {
  return blocks(json).flatMap(({ address, attributes }) =>
    [...leaves(attributes)]
      .filter(({ key, value }) => key.endsWith("_wo") && !isEphemeral(String(value)))
      .map(({ path }) => `${address}: ${path}`),
  );
}

function isEphemeral(text: string): boolean {
  return addressesIn(text).some((address) => address.startsWith("ephemeral."));
}

/** Outputs that are secret: by what they refer to, or by their own word. */
export function secretOutputs(json: TerraformJson): string[] {
  return blocks(json)
    .filter(({ kind }) => kind === "output")
    .filter(
      (output) =>
        output.attributes.sensitive === true ||
        output.attributes.ephemeral === true ||
        [...references(output)].some((address) => address.startsWith("ephemeral.")) ||
        [...leaves(output.attributes.value)].some(({ value }) => readsSecret(String(value))),
    )
    .map((one) => one.address);
}

/** Whether an expression takes an attribute that is named like a secret; a resource may be. */
function readsSecret(text: string): boolean {
  const attributes = addressesIn(text).reduce((rest, address) => rest.replaceAll(address, ""), text);
  return attributes !== text && [...attributes.matchAll(/\.(\w+)/g)].some(([, name]) => SECRET_NAME.test(name!));
}
