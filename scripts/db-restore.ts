import { loadCommand } from "./lib/backup/commands.ts";

await loadCommand("db-restore", {
  description:
    "Overwrites an environment's whole database with a dump from its bucket, in a task inside the VPC: all of it, or " +
    "nothing where that fails. Keycloak must be stopped; the command tells how. Needs AWS credentials, and aws.backup in " +
    "the environment.",
  done: "Restored.",
  overwrites: ({ name }) => `This overwrites the database of ${name}, every realm and every user in it,`,
});
