import { isOnAws } from "../../../environments/schema/on-aws.ts";
import { imageState } from "../image/build.ts";
import type { AwsContext, DeployContext, Move } from "./step.ts";
import { checkTask } from "./steps/check.ts";
import { databaseTask } from "./steps/database.ts";
import { imageTask } from "./steps/image.ts";
import { policiesTask, realmTask, verifyTask } from "./steps/realm.ts";
import { secretsTask } from "./steps/secrets.ts";
import { snapshotTask } from "./steps/snapshot.ts";
import { serviceTask } from "./steps/service.ts";
import { stackTask } from "./steps/stack.ts";
import { upgradeTask } from "./steps/upgrade.ts";

/** All that a deployment does, in order. An environment that has no AWS is a realm on a Keycloak that runs already. */
export function movesOf(context: DeployContext): Move[] {
  const realm: Move[] = [
    { tasks: [realmTask(context)] },
    { tasks: [policiesTask(context)] },
    { tasks: [verifyTask(context)] },
  ];
  return isAws(context) ? [...infrastructure(context), ...realm] : realm;
}

function isAws(context: DeployContext): context is AwsContext {
  return isOnAws(context.environment);
}

function infrastructure(context: AwsContext): Move[] {
  return [
    { tasks: [checkTask(context)] },
    { tasks: [secretsTask(context)] },
    { tasks: [stackTask(context, { step: "registry", title: "Registry", stack: "registry" })] },
    { tasks: [databaseTask(context), imageTask(context)], concurrent: true }, // the two that take longest
    { tasks: [upgradeTask(context)] },
    {
      tasks: [
        snapshotTask(context),
        stackTask(context, {
          step: "keycloak",
          title: "Load balancer, service, and all the rest",
          stack: "keycloak",
          unplannable: async () =>
            (await imageState(context.environment, context.signal)).digest
              ? undefined
              : "not before the image is there",
        }),
      ],
    },
    { tasks: [serviceTask(context)] },
  ];
}
