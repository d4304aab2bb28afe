/**
 * A copy of a value in which no string is a Terraform template: `${` and `%{` are escaped, wherever they came from.
 * https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
export function literals<Value>(value: Value): Value {
  if (typeof value === "string") return value.replaceAll(/[$%](?=\{)/g, "$&$&") as Value;
  if (Array.isArray(value)) return value.map(literals) as Value;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, literals(entry)])) as Value;
}
