import { formatDuration } from "../../../environments/schema/duration.ts";
import type { Environment } from "../../../environments/schema/index.ts";
import type { Content } from "./choices.ts";
import { element, flat, member, type Literal } from "./literal.ts";

/**
 * Writes an environment file: what was chosen as code, and the settings that people most often change as comments.
 * The defaults in them are the environment's own, so they are those of its stage and of this release of the project.
 * @param content what was chosen, valid
 * @param environment the same with every default filled in
 */
export function renderEnvironment(content: Content, environment: Environment): string {
  return `import { defineEnvironment } from "./schema/index.ts";

/**
 * What stands behind \`//\` is the default, or an example where there is none. Every setting is described in
 * \`docs/settings.md\`; \`npx cdktf synth\` says what is wrong with this file, if anything is.
 */
export default defineEnvironment({
${[name(content), awsPart(content, environment), keycloakPart(content, environment), serversPart(content), realmPart(environment)].join("\n\n")}
});
`;
}

/** A setting that was chosen. */
function chosen(indent: number, key: string, value: Literal, about = ""): string {
  return `${" ".repeat(indent)}${member(key, value, indent)}${about && ` // ${about}`}`;
}

/** A setting that was not: its default, or an example. */
function left(indent: number, key: string, value: Literal, about = ""): string {
  return `${" ".repeat(indent)}// ${key}: ${flat(value)},${about && ` // ${about}`}`;
}

/** One or the other. */
function setting(
  indent: number,
  key: string,
  value: Literal | undefined,
  otherwise: Literal,
  about?: string,
  aboutOtherwise = about,
): string {
  return value === undefined ? left(indent, key, otherwise, aboutOtherwise) : chosen(indent, key, value, about);
}

function name({ name, aws }: Content): string {
  const stacks = aws ? [`${name}-registry`, `${name}-keycloak`, `${name}-realm`] : [`${name}-realm`];
  return chosen(
    2,
    "name",
    name,
    `the file's name; ${stacks.length > 1 ? "stacks" : "the stack"}: ${stacks.join(", ")}`,
  );
}

function awsPart({ aws: content }: Content, { aws: defaults, keycloak }: Environment): string {
  if (!content || !defaults)
    return "  // No aws: Keycloak runs elsewhere, and only the realm is made; environments/template.ts shows it.";
  const { network, database, service, waf, backup } = defaults;
  const { zone, certificateArn } = content.loadBalancer ?? {};
  const admins = content.adminCidrs ?? [];
  const host = new URL(keycloak.url).hostname;
  return [
    "  aws: {",
    chosen(4, "region", content.region),
    setting(4, "accountId", content.accountId, "111122223333", "Terraform then touches no other account"),
    setting(4, "stage", content.stage, defaults.stage, 'or "development": one of each, on spare capacity, unprotected'),
    chosen(
      4,
      "adminCidrs",
      admins,
      admins.length > 0
        ? "who reaches the admin console and the Admin API"
        : 'nobody reaches the admin console: name your office or VPN, such as "203.0.113.0/24"',
    ),
    left(4, "tags", { CostCentre: "4711" }),
    setting(
      4,
      "state",
      content.state,
      { bucket: "example-terraform-state" },
      "Terraform's state",
      "else Terraform's state is in files on this machine",
    ),
    "",
    "    loadBalancer: {",
    setting(
      6,
      "zone",
      zone,
      { id: "Z0123456789ABCDEFGHIJ", name: host },
      certificateArn ? "of Route 53: for the record" : "of Route 53: for the certificate and the record",
      "of Route 53: then the record is made too",
    ),
    setting(
      6,
      "certificateArn",
      certificateArn,
      `arn:aws:acm:${content.region}:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef`,
      "for Keycloak's domain",
      "else one is requested",
    ),
    left(6, "internal", defaults.loadBalancer.internal, "reachable inside the VPC only"),
    left(6, "clientCidrs", defaults.loadBalancer.clientCidrs, "who may connect"),
    "    },",
    "",
    ...(network.kind === "own" ? [left(4, "network", pick(network, "cidr", "availabilityZones", "natGateways"))] : []),
    left(4, "database", {
      engineVersion: database.engineVersion,
      ...database.serverless,
      ...pick(database, "instances", "backupRetentionDays"),
    }),
    left(4, "service", pick(service, "cpu", "memory", "architecture", "desiredCount", "maxCount")),
    left(4, "waf", pick(waf, "enabled", "registrationLimit", "loginLimit")),
    setting(
      4,
      "monitoring",
      content.monitoring,
      { alarmEmail: "ops@example.com", logRetentionDays: defaults.monitoring.logRetentionDays },
      "who is mailed when an alarm goes off",
      "whom alarms are mailed to: nobody, by default",
    ),
    left(4, "backup", pick(backup, "enabled", "retentionDays"), "tasks that dump and restore database and realm"),
    "  },",
  ].join("\n");
}

function keycloakPart(content: Content, { keycloak }: Environment): string {
  return [
    "  keycloak: {",
    chosen(4, "url", content.keycloak.url, "where people and MCP clients reach Keycloak"),
    left(4, "version", keycloak.version),
    "  },",
  ].join("\n");
}

function serversPart({ mcpServers }: Content): string {
  const example = {
    resource: "https://other.example.com/mcp",
    scope: "mcp:other",
    consentText: "Use the other server",
  };
  return [
    "  // The MCP servers that tokens are for, exactly as clients enter them. The first one's scope is mcp:run unless it",
    "  // names another; further ones name their own. consentText is what people agree to.",
    "  mcpServers: [",
    ...mcpServers.map((server) => `    ${element(server, 4)}`),
    `    // ${flat(example)},`,
    "  ],",
  ].join("\n");
}

function realmPart({ realm, registration, resourceIndicators }: Environment): string {
  const lifespans = {
    accessToken: formatDuration(realm.lifespans.accessToken),
    ssoMax: formatDuration(realm.lifespans.ssoMax),
  };
  return [
    left(2, "realm", { ...pick(realm, "name", "deletionProtection"), lifespans }),
    left(2, "resourceIndicators", resourceIndicators, "Keycloak's experimental RFC 8707"),
    left(2, "registration", pick(registration, "redirects", "maxClients")),
  ].join("\n");
}

function pick<Key extends string>(value: Readonly<Record<Key, Literal>>, ...keys: Key[]): Record<Key, Literal> {
  return Object.fromEntries(keys.map((key) => [key, value[key]])) as Record<Key, Literal>;
}
