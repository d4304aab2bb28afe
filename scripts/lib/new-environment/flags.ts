import type { Choices } from "./choices.ts";

/** The flag, or argument, that each setting comes from. */
const FLAGS: Readonly<Record<string, string>> = {
  name: "<name>",
  "keycloak.url": "--url",
  "aws.region": "--region",
  "aws.accountId": "--account-id",
  "aws.stage": "--stage",
  "aws.adminCidrs": "--admin-cidr",
  "aws.state.bucket": "--state-bucket",
  "aws.loadBalancer.zone.id": "--zone-id",
  "aws.loadBalancer.zone.name": "--zone-name",
  "aws.loadBalancer.certificateArn": "--certificate-arn",
  "aws.monitoring.alarmEmail": "--alarm-email",
};

/**
 * The flag that a setting comes from.
 * @param setting as errors name it, such as `aws.adminCidrs[1]`
 */
export function flagOf(setting: string, choices: Choices): string {
  const server = /^mcpServers\[(\d+)\]/.exec(setting);
  if (server) return `--mcp-server ${choices.mcpServers?.[Number(server[1])]}`;
  const name = setting.replace(/\[\d+\]$/, "");
  if (name === "keycloak.url" && choices.domain !== undefined) return "--domain";
  return FLAGS[name] ?? setting;
}

/** What an environment cannot do without and nobody has chosen yet, as flags with an example each. */
export function missingFlags(choices: Choices): string[] {
  const { realmOnly, domain, url, mcpServers = [], region, zoneId, zoneName, certificateArn } = choices;
  const missing: string[] = [];
  if (domain === undefined && url === undefined)
    missing.push(realmOnly ? "--url https://auth.example.com/auth" : "--domain auth.example.com");
  if (mcpServers.length === 0) missing.push("--mcp-server https://mcp-server.example.com/mcp");
  if (realmOnly) return missing;
  if (region === undefined) missing.push("--region eu-central-1");
  if (zoneId === undefined && zoneName === undefined && certificateArn === undefined)
    missing.push("--zone-id Z0123456789ABCDEFGHIJ --zone-name example.com (or --certificate-arn arn:aws:acm:…)");
  else if (zoneId === undefined && zoneName !== undefined) missing.push("--zone-id Z0123456789ABCDEFGHIJ");
  else if (zoneName === undefined && zoneId !== undefined) missing.push("--zone-name example.com");
  return missing;
}

/** The flags that say something about AWS, where nothing is to be made on it. */
export function flagsForAws(choices: Choices): string[] {
  const settings = {
    "--region": choices.region,
    "--zone-id": choices.zoneId,
    "--zone-name": choices.zoneName,
    "--certificate-arn": choices.certificateArn,
    "--stage": choices.stage,
    "--admin-cidr": choices.adminCidrs,
    "--account-id": choices.accountId,
    "--state-bucket": choices.stateBucket,
    "--alarm-email": choices.alarmEmail,
  };
  return Object.entries(settings).flatMap(([flag, value]) => (value === undefined ? [] : [flag]));
}
