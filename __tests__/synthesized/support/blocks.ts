/** What stands in one block: arguments by name. */
export type Attributes = Readonly<Record<string, unknown>>;

type BlocksByType = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

/** A stack in Terraform's JSON, as far as the rules read it. */
export interface TerraformJson {
  readonly resource?: BlocksByType;
  readonly data?: BlocksByType;
  readonly ephemeral?: BlocksByType;
  readonly output?: Readonly<Record<string, Attributes>>;
  readonly provider?: Readonly<Record<string, readonly Attributes[]>>;
  readonly terraform?: Attributes;
}

/** One block of a stack. */
export interface Block {
  /** As expressions name it: `aws_lb.x`, `data.aws_ecr_image.x`; outputs and providers get `output.x`, `provider.aws`. */
  readonly address: string;
  readonly kind: "resource" | "data" | "ephemeral" | "output" | "provider";
  /** Such as `aws_lb`; of an output its name. */
  readonly type: string;
  readonly attributes: Attributes;
  /** What stands under the key `//`, which Terraform does not read. */
  readonly comment: Attributes;
}

/** All blocks of a stack. */
export function blocks(json: TerraformJson): Block[] {
  const declared = (["resource", "data", "ephemeral"] as const).flatMap((kind) =>
    Object.entries(json[kind] ?? {}).flatMap(([type, byName]) =>
      Object.entries(byName).map(([name, attributes]) =>
        block(kind === "resource" ? `${type}.${name}` : `${kind}.${type}.${name}`, kind, type, attributes),
      ),
    ),
  );
  const outputs = Object.entries(json.output ?? {}).map(([name, attributes]) =>
    block(`output.${name}`, "output", name, attributes),
  );
  const providers = Object.entries(json.provider ?? {}).flatMap(([type, all]) =>
    all.map((attributes) => block(`provider.${type}`, "provider", type, attributes)),
  );
  return [...declared, ...outputs, ...providers];
}

function block(address: string, kind: Block["kind"], type: string, attributes: Attributes): Block {
  const { "//": comment = {}, ...rest } = attributes;
  return { address, kind, type, attributes: rest, comment: comment as Attributes };
}

/** The resources of some types. */
export function resources(json: TerraformJson, ...types: readonly string[]): Block[] {
  return blocks(json).filter((one) => one.kind === "resource" && types.includes(one.type));
}

/** A value that is no list and no object, and where it stands. */
export interface Leaf {
  /** Such as `network_configuration.subnets.0`. */
  readonly path: string;
  /** The last name of the path that is no index: `subnets`. */
  readonly key: string;
  readonly value: unknown;
}

/** Every value within a value. JSON in a string, such as a container definition, is opened. */
export function* leaves(value: unknown, path = "", key = ""): Generator<Leaf> {
  const opened = typeof value === "string" ? (parsedJson(value) ?? value) : value;
  if (opened === null || typeof opened !== "object") {
    yield { path, key, value: opened };
    return;
  }
  for (const [name, entry] of Object.entries(opened))
    yield* leaves(entry, path ? `${path}.${name}` : name, Array.isArray(opened) ? key : name);
}

/** The object or list that a string holds as JSON. */
export function parsedJson(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
