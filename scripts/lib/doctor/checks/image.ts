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
    const { repository, image, wanted, pinned } = await lookups.image();
    if (image === "there") return ok(`${wanted} is in ${namePrefix(name)}`);
    if (!pinned)
      return ok(
        repository === "there"
          ? `the deployment builds ${wanted} and pushes it to ${namePrefix(name)}`
          : `the deployment makes the repository ${namePrefix(name)}, and builds ${wanted}`,
      );
    const setting = aws.image.digest ? "aws.image.digest" : "aws.image.tag";
    return fail(
      `${setting} is ${wanted}, and ${repository === "there" ? `${namePrefix(name)} has no such image` : `there is no repository ${namePrefix(name)}`}`,
      `Push that image, or take ${setting} out of environments/${name}.ts: the deployment then builds one.`,
    );
  },
};
