import { z } from "zod";

const digest = () => z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be a digest: "sha256:" and 64 hexadecimal digits');

/** What the image is built on, and which one of the environment's repository the tasks run. */
export const image = z
  .strictObject({
    /**
     * Digest of Keycloak's official image to build on, so that a rebuild is on the very same one; the label
     * `org.opencontainers.image.base.digest` of an image tells what it was built on. @default what the release's tag means when the image is built
     */
    baseDigest: digest().optional(),
    /**
     * A tag of the repository; Terraform looks up its digest, and tasks run that.
     * @default the one that `npm run build-image` makes from Keycloak's version and the image's content
     */
    tag: z
      .string()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, "must be a tag: letters, digits, dots, dashes and underscores")
      .optional(),
    /** The image's own digest instead, for a pinned rollout or a rollback. @default none */
    digest: digest().optional(),
  })
  .refine((value) => !(value.tag && value.digest), {
    path: ["tag"],
    error: "does not go with digest: name one of them",
  });
