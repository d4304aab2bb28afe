import { saveCommand } from "./lib/backup/commands.ts";

await saveCommand("realm-export", {
  description:
    "Exports an environment's realm with its users and clients into its bucket, by kc.sh export in a task inside the VPC. " +
    "The file holds password hashes, the realm's private keys and the clients' secrets. Needs AWS credentials, and " +
    "aws.backup in the environment.",
  done: "Exported.",
  caution: "Keycloak ran meanwhile: what was changed at that moment may be in the file in part.",
});
