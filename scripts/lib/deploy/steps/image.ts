import { UserError } from "../../errors.ts";
import { buildImage, imageState } from "../../image/build.ts";
import type { AwsContext, StepTask } from "../step.ts";
import { stepOf } from "./step-of.ts";

/** The image of the environment's settings, built and pushed unless the repository has that content. */
export function imageTask({ environment, signal }: AwsContext): StepTask {
  return {
    step: "image",
    title: "Keycloak's image",
    async outlook() {
      const { reference, digest, pinned } = await imageState(environment, signal);
      if (digest) return { changes: false, text: `${reference} is there already` };
      return {
        changes: !pinned,
        fails: pinned,
        text: pinned ? `${reference} is not there` : `${reference} to build and push`,
      };
    },
    async run(say) {
      const { reference, digest, pinned } = await imageState(environment, signal);
      if (digest) return `${reference} is there already`; // also where this machine has no Docker
      if (pinned)
        throw new UserError(
          `The repository has no image ${reference}, which aws.image of environments/${environment.name}.ts names. Push it, ` +
            "or take the setting out: then it is built here.",
        );
      const { tag } = await buildImage(environment, { signal, step: stepOf(say) });
      return `${tag} built and pushed`;
    },
  };
}
