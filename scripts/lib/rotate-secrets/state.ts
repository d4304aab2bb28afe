import { messageOf, UserError } from "../errors.ts";

/** Says in what state things are from now on. */
export type Tell = (state: string) => void;

/**
 * Does work in steps that others see. Where one fails or is interrupted, the error says in what state things are, and
 * what goes on from there.
 * @param goOn the command
 */
export async function tellingState<Result>(goOn: string, work: (tell: Tell) => Promise<Result>): Promise<Result> {
  let state = "Nothing was changed.";
  try {
    return await work((text) => {
      state = text;
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${messageOf(error)}\n${state} ${goOn} goes on from there, as often as it takes.`);
  }
}
