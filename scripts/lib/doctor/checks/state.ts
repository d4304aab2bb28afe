import { GetBucketVersioningCommand, HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { askAws, clientOptions } from "../../aws/ask.ts";
import type { Check, CheckContext } from "../check.ts";
import { fail, ok, warn, type Finding } from "../row.ts";

/** The bucket of Terraform's state, where the environment names one. */
export const stateCheck: Check = {
  id: "aws.state",
  group: "AWS account",
  what: "State bucket",
  applies: ({ aws }) => aws.state !== undefined,
  needsAws: true,
  run: async (context) => {
    const { bucket, region } = place(context);
    const client = new S3Client(clientOptions(region));
    const problem = await bucketProblem(client, context);
    if (problem) return problem;
    const versioning = `aws s3api put-bucket-versioning --bucket ${bucket} --region ${region} --versioning-configuration Status=Enabled`;
    const { Status } = await askAws("s3:GetBucketVersioning", context.signal, () =>
      client.send(new GetBucketVersioningCommand({ Bucket: bucket }), { abortSignal: context.signal }),
    );
    return Status === "Enabled"
      ? ok(`${bucket} in ${region}, versioning is on`)
      : warn(`${bucket} keeps no versions: a state that breaks cannot be taken back`, `Turn them on: ${versioning}`);
  },
};

function place({ environment: { aws } }: CheckContext) {
  return { bucket: aws.state!.bucket, region: aws.state!.region ?? aws.region };
}

/** HeadBucket has no body, so that an error has only its status. */
async function bucketProblem(client: S3Client, context: CheckContext): Promise<Finding | undefined> {
  const { bucket, region } = place(context);
  const { name } = context.environment;
  return askAws("s3:HeadBucket", context.signal, async () => {
    try {
      await client.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal: context.signal });
      return undefined;
    } catch (error) {
      const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
      switch ($metadata?.httpStatusCode) {
        case 301:
        case 400:
          return fail(
            `${bucket} is in another Region than ${region}`,
            `Set aws.state.region in environments/${name}.ts.`,
          );
        case 403:
          return fail(
            `${bucket} is there, and refuses these credentials`,
            "Ask its owner for s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject.",
          );
        case 404:
          return fail(`there is no bucket ${bucket}`, `Make it: ${make(bucket, region)}, and turn versioning on.`);
        default:
          throw error;
      }
    }
  });
}

/** us-east-1 is the Region that must not be named. */
function make(bucket: string, region: string): string {
  const place = region === "us-east-1" ? "" : ` --create-bucket-configuration LocationConstraint=${region}`;
  return `aws s3api create-bucket --bucket ${bucket} --region ${region}${place}`;
}
