/** One thing in which the live realm is not as it is defined. */
export interface Difference {
  /** Where, in the words of the definition: `client scope mcp:run: consent.screen.text`. */
  readonly where: string;
  /** What the definition says; undefined where the thing should not be there. */
  readonly expected: unknown;
  /** What the live realm has; undefined where the thing is missing. */
  readonly actual: unknown;
}

/** A difference on one line: `client policy mcp-dcr: is missing, should be present`. */
export function differenceLine({ where, expected, actual }: Difference): string {
  const show = (value: unknown) =>
    value === undefined ? "missing" : value === "present" ? "present" : quote(value, 300);
  return `${where}: is ${show(actual)}, should be ${show(expected)}`;
}

/** Shows a value from outside on one line, quoted and cut, so that it cannot disturb the terminal. */
export function quote(value: unknown, length = 160): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/**
 * Compares what the definition names, and nothing else: further keys of the live value are Keycloak's own defaults.
 * Lists compare as sets, since Keycloak keeps no order in them; an empty list and a missing one are the same.
 */
export function compareKnown(where: string, expected: unknown, actual: unknown): Difference[] {
  if (Array.isArray(expected)) {
    const live = Array.isArray(actual) ? (actual as unknown[]) : actual === undefined ? [] : [actual];
    const equal = (value: unknown, other: unknown) => compareKnown("", value, other).length === 0;
    const same =
      expected.length === live.length &&
      expected.every((value) => live.some((other) => equal(value, other))) &&
      live.every((other) => expected.some((value) => equal(value, other)));
    return same ? [] : [{ where, expected, actual }];
  }
  if (typeof expected === "object" && expected !== null) {
    const live = (actual ?? {}) as Record<string, unknown>;
    return Object.entries(expected).flatMap(([key, value]) => compareKnown(`${where}: ${key}`, value, live[key]));
  }
  // The Terraform provider writes booleans as text; an absent text is an empty one.
  return asText(expected) === asText(actual) ? [] : [{ where, expected, actual }];
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
}

/** Compares named things: what is missing, what differs, and, unless `others` is true, what nobody defined. */
export function compareNamed<Expected extends object, Actual extends object>(
  kind: string,
  expected: readonly Expected[],
  actual: readonly Actual[],
  name: (thing: Expected | Actual) => string,
  others: "allowed" | "reported",
): Difference[] {
  const missingOrChanged = expected.flatMap((wanted) => {
    const live = actual.find((candidate) => name(candidate) === name(wanted));
    return live
      ? compareKnown(`${kind} ${name(wanted)}`, wanted, live)
      : [{ where: `${kind} ${name(wanted)}`, expected: "present", actual: undefined }];
  });
  const unknown = actual
    .filter((live) => !expected.some((wanted) => name(wanted) === name(live)))
    .map((live) => ({ where: `${kind} ${name(live)}`, expected: undefined, actual: "present" }));
  return others === "reported" ? [...missingOrChanged, ...unknown] : missingOrChanged;
}
