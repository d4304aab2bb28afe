import { createInterface, type Interface } from "node:readline";
import { UserError } from "../errors.ts";

/** Where questions are asked. */
export interface PromptOptions {
  readonly signal: AbortSignal;
  /** @default standard input */
  readonly input?: NodeJS.ReadableStream;
  /** @default standard error, so that results can be piped */
  readonly output?: NodeJS.WritableStream;
  /** Called on Ctrl-C, which a terminal that is being read keeps from the process. */
  readonly onInterrupt?: () => void;
}

/** Asks a person questions, a line each. Lines that come before their question wait for it. */
export class Prompt {
  private readonly terminal: Interface;
  private readonly lines: AsyncIterator<string>;
  private readonly signal: AbortSignal;
  private readonly output: NodeJS.WritableStream;

  constructor({ signal, input = process.stdin, output = process.stderr, onInterrupt }: PromptOptions) {
    this.signal = signal;
    this.output = output;
    this.terminal = createInterface({ input, output, signal });
    // Listens from now on: the promises of node:readline would lose what is typed or piped ahead.
    this.lines = this.terminal[Symbol.asyncIterator]();
    if (onInterrupt) this.terminal.on("SIGINT", onInterrupt);
  }

  /**
   * Asks one question.
   * @returns the answer without blanks around it; empty where a person only pressed Enter
   * @throws UserError where the input ends, or the command is interrupted
   */
  async ask(question: string): Promise<string> {
    this.terminal.setPrompt(question);
    if (!this.signal.aborted) this.terminal.prompt();
    const line = await this.lines.next();
    this.signal.throwIfAborted();
    if (line.done) throw new UserError("The input ended before all questions were answered. Nothing was done.");
    return line.value.trim();
  }

  /** Says something between questions. */
  say(text: string): void {
    this.output.write(`${text}\n`);
  }

  close(): void {
    this.terminal.close();
  }
}
