import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { Construct } from "constructs";

/** Props of {@link ServiceAutoscaling}. */
export interface ServiceAutoscalingProps {
  readonly name: string;
  readonly clusterName: string;
  readonly serviceName: string;
  /** Tasks at the least and at the most; both 0 stop the service. */
  readonly minCount: number;
  readonly maxCount: number;
}

/** Average CPU of the tasks, in percent, that scaling holds: below the alarm's 80, above a quiet day's. */
const TARGET_CPU = 60;

/** Follows the load: more tasks within a minute, fewer after five. */
export class ServiceAutoscaling extends Construct {
  constructor(scope: Construct, id: string, props: ServiceAutoscalingProps) {
    super(scope, id);
    const target = new AppautoscalingTarget(this, "target", {
      serviceNamespace: "ecs",
      resourceId: `service/${props.clusterName}/${props.serviceName}`,
      scalableDimension: "ecs:service:DesiredCount",
      minCapacity: props.minCount,
      maxCapacity: props.maxCount,
    });
    new AppautoscalingPolicy(this, "cpu", {
      name: `${props.name}-cpu`,
      policyType: "TargetTrackingScaling",
      serviceNamespace: target.serviceNamespace,
      resourceId: target.resourceId,
      scalableDimension: target.scalableDimension,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
        targetValue: TARGET_CPU,
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
      },
    });
  }
}
