import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { KeycloakProvider } from "@cdktf/provider-keycloak/provider";
import { Testing, type App, TerraformStack } from "cdktf";

type Attributes = Record<string, unknown>;

/** Synthesized Terraform, as a test reads it. */
export interface Template {
  readonly json: Record<string, unknown>;
  /** All resources of a type, such as `keycloak_realm`, without metadata. */
  resources(type: string): Attributes[];
  /** The one resource of a type. */
  resource(type: string): Attributes;
  /** All resources of a type by their ids, without the hashes, as in `${aws_vpc.vpc_vpc.id}`. */
  byId(type: string): Record<string, Attributes>;
  /** The statements of the IAM policy document with that id, without the hashes. */
  statements(id: string): Attributes[];
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
  const byType = (json.resource ?? {}) as Record<string, Record<string, Attributes>>;
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
    byId: (type) => readable(byType[type]),
    statements(id) {
      const data = json.data as Record<string, Record<string, Attributes>>;
      const document = readable(data.aws_iam_policy_document)[id];
      if (!document) throw new Error(`no policy document ${id}`);
      return document.statement as Attributes[];
    },
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
