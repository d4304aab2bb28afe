import { randomBytes } from "node:crypto";
import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { UserError } from "../errors.ts";
import { askAws, clientOptions } from "./ask.ts";

/** Bytes of a secret; as hexadecimal digits they need no quoting anywhere. */
const SECRET_BYTES = 32;

/** A new secret: 64 hexadecimal digits. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString("hex");
}

/**
 * An environment's secrets: SecureStrings of the SSM Parameter Store, which no other place holds.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html
 */
export class SecretStore {
  private readonly client: SSMClient;

  constructor(
    region: string,
    private readonly signal: AbortSignal,
  ) {
    this.client = new SSMClient(clientOptions(region));
  }

  /**
   * Which of some parameters are there. No value is read.
   * @throws UserError where one is there and is no SecureString
   */
  async existing(names: readonly string[]): Promise<ReadonlySet<string>> {
    const { Parameters = [] } = await this.ask("ssm:DescribeParameters", () =>
      this.client.send(
        new DescribeParametersCommand({ ParameterFilters: [{ Key: "Name", Option: "Equals", Values: [...names] }] }),
        { abortSignal: this.signal },
      ),
    );
    const readable = Parameters.find(({ Type }) => Type !== "SecureString");
    if (readable)
      throw new UserError(
        `The parameter ${readable.Name} is a ${readable.Type}, which shows its value to whoever may list parameters. ` +
          `Delete it (aws ssm delete-parameter --name ${readable.Name}), then run the command again: it makes a SecureString.`,
      );
    return new Set(Parameters.map(({ Name }) => Name!));
  }

  /**
   * The value of one.
   * @returns undefined where there is none
   */
  async read(name: string): Promise<string | undefined> {
    return this.ask("ssm:GetParameter", async () => {
      try {
        const { Parameter } = await this.client.send(new GetParameterCommand({ Name: name, WithDecryption: true }), {
          abortSignal: this.signal,
        });
        return Parameter?.Value;
      } catch (error) {
        if ((error as Error).name === "ParameterNotFound") return undefined;
        throw error;
      }
    });
  }

  /**
   * Makes one, unless it is there: that one stays.
   * @returns whether it was made
   */
  async create(name: string, value: string): Promise<boolean> {
    return this.ask("ssm:PutParameter", async () => {
      try {
        await this.put(name, value, false);
        return true;
      } catch (error) {
        if ((error as Error).name === "ParameterAlreadyExists") return false;
        throw error;
      }
    });
  }

  /** Gives one another value. */
  async replace(name: string, value: string): Promise<void> {
    await this.ask("ssm:PutParameter", () => this.put(name, value, true));
  }

  /** Removes one; that it is gone already is no error. */
  async remove(name: string): Promise<void> {
    await this.ask("ssm:DeleteParameter", async () => {
      try {
        await this.client.send(new DeleteParameterCommand({ Name: name }), { abortSignal: this.signal });
      } catch (error) {
        if ((error as Error).name !== "ParameterNotFound") throw error;
      }
    });
  }

  private put(name: string, value: string, overwrite: boolean) {
    return this.client.send(
      new PutParameterCommand({ Name: name, Value: value, Type: "SecureString", Overwrite: overwrite }),
      { abortSignal: this.signal },
    );
  }

  private ask<Answer>(action: string, request: () => Promise<Answer>): Promise<Answer> {
    return askAws(action, this.signal, request);
  }
}
