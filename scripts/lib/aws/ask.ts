import { awsError } from "./errors.ts";

/** Milliseconds for a connection, and for an answer: the SDK by itself would wait for ever. */
const PATIENCE = { connectionTimeout: 5_000, requestTimeout: 10_000, throwOnRequestTimeout: true } as const;

/** How clients of AWS are made: the SDK repeats what was throttled, broke off, or took too long. */
export function clientOptions(region: string) {
  // The SDK warns of the end of Node.js 20, on every start; which Node.js is enough, package.json says.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  return { region, maxAttempts: 5, requestHandler: PATIENCE };
}

/**
 * Asks AWS something.
 * @param action as IAM names it: `ecr:DescribeImages`
 * @param known what to say of errors that this request may well get, by the error's name
 * @throws UserError in one clear line
 */
export async function askAws<Answer>(
  action: string,
  signal: AbortSignal,
  request: () => Promise<Answer>,
  known?: Readonly<Record<string, string>>,
): Promise<Answer> {
  try {
    return await request();
  } catch (error) {
    signal.throwIfAborted();
    throw awsError(error, action, known);
  }
}

/**
 * Makes of a request one that gives back undefined where AWS answers with one of some errors: mostly those by which it
 * says that something is not there. Goes inside of {@link askAws}, which tells of all others.
 * @param names of the errors, such as `ParameterNotFound`
 */
export function undefinedOn<Answer>(
  names: readonly string[],
  request: () => Promise<Answer>,
): () => Promise<Answer | undefined> {
  return async () => {
    try {
      return await request();
    } catch (error) {
      if (names.includes((error as Error).name)) return undefined;
      throw error;
    }
  };
}
