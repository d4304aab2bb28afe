import { randomBytes } from "node:crypto";
import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  PutParameterCommand,
  SSMClient,
  type ParameterMetadata,
} from "@aws-sdk/client-ssm";
import { UserError } from "../errors.ts";
import { askAws, clientOptions, undefinedOn } from "./ask.ts";

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
    private readonly region: string,
    private readonly signal: AbortSignal,
  ) {
    this.client = new SSMClient(clientOptions(region));
  }

  /**
   * Which of some parameters are there. No value is read.
   * @throws UserError where one is there and is no SecureString
   */
  async existing(names: readonly string[]): Promise<ReadonlySet<string>> {
    const ParameterFilters = [{ Key: "Name", Option: "Equals", Values: [...names] }];
    const found: ParameterMetadata[] = [];
    let NextToken: string | undefined;
    do {
      // A page may be empty, and another follow.
      const page = await this.ask("ssm:DescribeParameters", () =>
        this.client.send(new DescribeParametersCommand({ ParameterFilters, NextToken }), { abortSignal: this.signal }),
      );
      found.push(...(page.Parameters ?? []));
      ({ NextToken } = page);
    } while (NextToken);
    const readable = found.find(({ Type }) => Type !== "SecureString");
    if (readable) throw new UserError(this.tooReadable(readable));
    return new Set(found.map(({ Name }) => Name!));
  }

  /**
   * The value of one.
   * @returns undefined where there is none
   */
  async read(name: string): Promise<string | undefined> {
    const request = new GetParameterCommand({ Name: name, WithDecryption: true });
    const answer = await this.ask(
      "ssm:GetParameter",
      undefinedOn(["ParameterNotFound"], () => this.client.send(request, { abortSignal: this.signal })),
    );
    return answer?.Parameter?.Value;
  }

  /**
   * Makes one, unless it is there: that one stays.
   * @returns whether it was made
   */
  async create(name: string, value: string): Promise<boolean> {
    const made = await this.ask(
      "ssm:PutParameter",
      undefinedOn(["ParameterAlreadyExists"], () => this.put(name, value, false)),
    );
    return made !== undefined;
  }

  /** Gives one another value. */
  async replace(name: string, value: string): Promise<void> {
    await this.ask("ssm:PutParameter", () => this.put(name, value, true));
  }

  /** Removes one; that it is gone already is no error. */
  async remove(name: string): Promise<void> {
    const request = new DeleteParameterCommand({ Name: name });
    await this.ask(
      "ssm:DeleteParameter",
      undefinedOn(["ParameterNotFound"], () => this.client.send(request, { abortSignal: this.signal })),
    );
  }

  /** What is wrong with one that is no SecureString, and how to mend it: a type cannot be changed. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
  private tooReadable({ Name, Type }: ParameterMetadata): string {
    const parameter = `--region ${this.region} --name ${Name}`;
    return (
      `The parameter ${Name} is a ${Type}, which shows its value to whoever may list parameters. Make it a SecureString with ` +
      "the same value (whatever uses it knows no other), then run the command again:\n" +
      `  value=$(aws ssm get-parameter ${parameter} --query Parameter.Value --output text)\n` +
      `  aws ssm delete-parameter ${parameter}\n` +
      `  printf %s "$value" | aws ssm put-parameter ${parameter} --type SecureString --value file:///dev/stdin`
    );
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
