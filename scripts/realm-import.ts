import { loadCommand } from "./lib/backup/commands.ts";

await loadCommand("realm-import", {
  description:
    "Replaces an environment's realm by an export from its bucket, by kc.sh import in a task inside the VPC. Other realms " +
    "stay. Keycloak must be stopped; the command tells how. Needs AWS credentials, and aws.backup in the environment.",
  done: "Imported.",
  overwrites: ({ name, realm }) => `This replaces the realm ${realm.name} of ${name}, with every user in it,`,
});
