import { fileURLToPath } from "node:url";
import { checkEnvironment } from "../../../environments/schema/explain.ts";
import { environmentSchema } from "../../../environments/schema/index.ts";
import { UserError } from "../errors.ts";
import { Prompt, type PromptOptions } from "../terminal/prompt.ts";
import { contentOf, type Choices } from "./choices.ts";
import { flagsForAws, missingFlags } from "./flags.ts";
import { problemsOf } from "./problems.ts";
import { askMissing } from "./questions.ts";
import { renderEnvironment } from "./render.ts";
import { refuseExisting, shownPath, writeEnvironment } from "./write.ts";

const ENVIRONMENTS = fileURLToPath(new URL("../../../environments/", import.meta.url));

export interface NewEnvironmentOptions {
  /** Where to ask for what is missing. @default nobody is asked */
  readonly questions?: PromptOptions;
  /** Leave the text in the result, and write nothing. @default false */
  readonly dryRun?: boolean;
  /** Where environments are. @default the project's `environments/` */
  readonly folder?: string;
}

/** An environment's file. */
export interface NewEnvironment {
  readonly environment: string;
  /** Its path, relative to where the command runs. */
  readonly file: string;
  readonly text: string;
  /** What to run next, in order. */
  readonly next: readonly string[];
  /** Whether anybody can administer Keycloak; always, where it runs elsewhere. */
  readonly administrable: boolean;
}

/**
 * Makes an environment's file from flags, and from answers to what they leave open. Where flags say all that is needed,
 * nothing is asked.
 * @throws UserError that names every flag that is wrong, or missing where nobody is there to be asked
 */
export async function newEnvironment(given: Choices, options: NewEnvironmentOptions = {}): Promise<NewEnvironment> {
  const { folder = ENVIRONMENTS, questions, dryRun = false } = options;
  refuse(given);
  if (!dryRun) refuseExisting(folder, given.name);
  const choices = await complete(given, questions);
  const content = contentOf(choices);
  const result = checkEnvironment(environmentSchema, content);
  if ("errors" in result) throw new UserError(result.errors.join("\n"));
  const text = renderEnvironment(content, result.environment);
  if (!dryRun) writeEnvironment(folder, given.name, text);
  return {
    environment: given.name,
    file: shownPath(folder, given.name),
    text,
    next: nextCommands(choices),
    administrable: choices.realmOnly === true || (choices.adminCidrs ?? []).length > 0,
  };
}

/** All that is wrong with the flags, at once. */
function refuse(given: Choices): void {
  const stray = given.realmOnly ? flagsForAws(given) : [];
  const errors = [
    ...problemsOf(given).map(({ flag, message }) => `${flag}: ${message}`),
    ...stray.map((flag) => `${flag}: does not go with --realm-only, which makes nothing on AWS: leave one of them out`),
  ];
  if (errors.length > 0) throw new UserError(errors.join("\n"));
}

async function complete(given: Choices, questions: PromptOptions | undefined): Promise<Choices> {
  const missing = missingFlags(given);
  if (missing.length === 0) return given;
  if (!questions)
    throw new UserError(
      `Nobody is here to be asked. What is missing, with examples:\n${missing.map((flag) => `  ${flag}`).join("\n")}`,
    );
  const prompt = new Prompt(questions);
  try {
    return await askMissing(given, prompt);
  } finally {
    prompt.close();
  }
}

function nextCommands({ name, realmOnly }: Choices): string[] {
  return [...(realmOnly ? [] : [`npm run doctor -- ${name}`]), `npm run deploy -- ${name}`];
}
