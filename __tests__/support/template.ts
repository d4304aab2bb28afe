import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { KeycloakProvider } from "@cdktf/provider-keycloak/provider";
import { Testing, type App, TerraformStack } from "cdktf";
import { ACCEPTED_FINDINGS } from "../../constructs/accepted-finding.ts";

type Attributes = Record<string, unknown>;

/** Synthesized Terraform, as a test reads it. */
export interface Template {
  readonly json: Record<string, unknown>;
  /** All resources of a type, such as `keycloak_realm`, without metadata. */
  resources(type: string): Attributes[];
  /** The one resource of a type. */
  resource(type: string): Attributes;
  /** All resources of a type by their ids, without the hashes; data sources of `data.aws_x`. */
  byId(type: string): Record<string, Attributes>;
  /** The statements of the IAM policy document with that id, without the hashes. */
  statements(id: string): Attributes[];
  /** Values of the outputs by name, without the hashes. */
  outputs(): Attributes;
  /** Findings that are accepted, with their reasons, by the id of the resource or data source, without the hashes. */
  acceptedFindings(): Record<string, unknown>;
  /** Addresses of all resources, sorted. */
  readonly addresses: readonly string[];
}

/** Synthesizes one construct in a stack of its own. */
export function synthConstruct(build: (scope: TerraformStack) => void): Template {
  return withoutStackTraces(() => {
    const stack = new TerraformStack(Testing.app(), "test");
    new KeycloakProvider(stack, "keycloak", { url: "https://auth.example.com", clientId: "test" });
    new AwsProvider(stack, "aws", { region: "eu-central-1" });
    build(stack);
    return synthStack(stack);
  });
}

/** CDKTF takes a stack trace for every token, which is most of its time, and which no test reads. */
export function withoutStackTraces<Result>(work: () => Result): Result {
  const original = Object.getOwnPropertyDescriptor(Error, "captureStackTrace")!;
  Error.captureStackTrace = () => undefined;
  try {
    return work();
  } finally {
    Object.defineProperty(Error, "captureStackTrace", original);
  }
}

/** Synthesizes a stack. */
export function synthStack(stack: TerraformStack): Template {
  const json = JSON.parse(Testing.synth(stack)) as Record<string, unknown>;
  type Blocks = Record<string, Record<string, Attributes>>;
  const byType = (json.resource ?? {}) as Blocks;
  const dataByType = (json.data ?? {}) as Blocks;
  const readable = (part: unknown = {}) =>
    JSON.parse(withoutHashes(JSON.stringify(part))) as Record<string, Attributes>;
  const resources = (type: string) =>
    Object.values(byType[type] ?? {}).map((attributes) => {
      const { "//": _metadata, ...rest } = attributes;
      return rest;
    });
  return {
    json,
    resources,
    resource(type) {
      const found = resources(type);
      if (found.length !== 1) throw new Error(`${found.length} resources of type ${type}, not one`);
      return found[0]!;
    },
    byId: (type) => readable(type.startsWith("data.") ? dataByType[type.slice(5)] : byType[type]),
    statements(id) {
      const document = readable(dataByType.aws_iam_policy_document)[id];
      if (!document) throw new Error(`no policy document ${id}`);
      return document.statement as Attributes[];
    },
    // In the comments, which Testing.synth leaves out.
    acceptedFindings() {
      const { resource = {}, data = {} } = stack.toTerraform() as { resource?: Blocks; data?: Blocks };
      const comments = [...Object.values(resource), ...Object.values(data)].flatMap((byName) =>
        Object.entries(byName).map(([name, attributes]) => [name, attributes["//"] as Attributes | undefined] as const),
      );
      return readable(
        Object.fromEntries(
          comments.flatMap(([id, all]) => (all?.[ACCEPTED_FINDINGS] ? [[id, all[ACCEPTED_FINDINGS]]] : [])),
        ),
      );
    },
    outputs: () => Object.fromEntries(Object.entries(readable(json.output)).map(([name, { value }]) => [name, value])),
    addresses: Object.entries(byType)
      .flatMap(([type, all]) => Object.keys(all).map((name) => `${type}.${name}`))
      .sort(),
  };
}

/** An app for tests, that writes nothing. */
export function testApp(): App {
  return Testing.app();
}

/** Takes off what CDKTF adds to an id: `vpc_public-1_5C8C0D4B` → `vpc_public-1`. */
export function withoutHashes(text: string): string {
  return text.replaceAll(/_[0-9A-F]{8}\b/g, "");
}
