import { z } from "zod";

/** Which image of the environment's repository the tasks run. */
export const image = z
  .strictObject({
    /** A tag of the repository; Terraform looks up its digest, and tasks run that. @default Keycloak's version */
    tag: z
      .string()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, "must be a tag: letters, digits, dots, dashes and underscores")
      .optional(),
    /** The image's own digest instead, for a pinned rollout or a rollback. @default none */
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, 'must be a digest: "sha256:" and 64 hexadecimal digits')
      .optional(),
  })
  .refine((value) => !(value.tag && value.digest), {
    path: ["tag"],
    error: "does not go with digest: name one of them",
  });
