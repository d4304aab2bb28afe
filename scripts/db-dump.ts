import { saveCommand } from "./lib/backup/commands.ts";

await saveCommand("db-dump", {
  description:
    "Dumps an environment's whole database into its bucket, by pg_dump in a task inside the VPC, while Keycloak runs. The " +
    "dump holds every user, the realm's private keys and the clients' secrets. Needs AWS credentials, and aws.backup in " +
    "the environment.",
  done: "Dumped.",
});
