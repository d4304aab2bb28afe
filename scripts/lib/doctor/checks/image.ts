import { namePrefix } from "../../../../constructs/names.ts";
import type { Check } from "../check.ts";
import { fail, ok } from "../row.ts";

/** The environment's repository in ECR, and the image that the tasks run. */
export const imageCheck: Check = {
  id: "aws.image",
  group: "AWS account",
  what: "Image",
  needsAws: true,
  unknown: "fail", // Terraform looks it up
  run: async ({ environment: { name, aws }, lookups }) => {
    const { reference, hasRepository, digest, pinned } = await lookups.image();
    if (digest) return ok(`${reference} is in ${namePrefix(name)}`);
    if (!pinned)
      return ok(
        hasRepository
          ? `the deployment builds ${reference} and pushes it to ${namePrefix(name)}`
          : `the deployment makes the repository ${namePrefix(name)}, and builds ${reference}`,
      );
    const setting = aws.image.digest ? "aws.image.digest" : "aws.image.tag";
    return fail(
      `${setting} is ${reference}, and ${hasRepository ? `${namePrefix(name)} has no such image` : `there is no repository ${namePrefix(name)}`}`,
      `Push that image, or take ${setting} out of environments/${name}.ts: the deployment then builds one.`,
    );
  },
};
