import type { LogConfiguration } from "@aws-sdk/client-ecs";

/**
 * Where a container's output goes: streams `<prefix>/<container>/<task>` of the log group.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
 */
export function logConfiguration(logGroup: string, region: string, prefix: string): LogConfiguration {
  return {
    logDriver: "awslogs",
    options: {
      "awslogs-group": logGroup,
      "awslogs-region": region,
      "awslogs-stream-prefix": prefix,
      // A log that CloudWatch does not take at once must not hold the container up.
      mode: "non-blocking",
      "max-buffer-size": "25m",
    },
  };
}
