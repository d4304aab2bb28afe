import { namePrefix } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";

/** Commands that stop every task of Keycloak, and keep the autoscaling from starting new ones. */
export function stopCommands({ name, aws }: EnvironmentOnAws): string[] {
  const service = namePrefix(name);
  return [
    scaling(aws.region, service, true),
    `aws ecs update-service --region ${aws.region} --cluster ${service} --service ${service} --desired-count 0`,
    `aws ecs wait services-stable --region ${aws.region} --cluster ${service} --services ${service}`,
  ];
}

/** Commands that start Keycloak again on what was restored, and prove it. */
export function startCommands({ name, aws }: EnvironmentOnAws): string[] {
  const service = namePrefix(name);
  return [
    `aws ecs update-service --region ${aws.region} --cluster ${service} --service ${service} --desired-count ${Math.max(1, aws.service.desiredCount)}`,
    scaling(aws.region, service, false),
    `npm run deploy -- ${name} --from service`, // waits until Keycloak answers, and proves it
  ];
}

/** https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-suspend-resume-scaling.html */
function scaling(region: string, service: string, suspended: boolean): string {
  const kinds = ["DynamicScalingIn", "DynamicScalingOut", "ScheduledScaling"];
  return (
    `aws application-autoscaling register-scalable-target --region ${region} --service-namespace ecs ` +
    `--scalable-dimension ecs:service:DesiredCount --resource-id service/${service}/${service} ` +
    `--suspended-state ${kinds.map((kind) => `${kind}Suspended=${suspended}`).join(",")}`
  );
}
