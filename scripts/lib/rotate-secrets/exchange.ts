import { nextSecretName } from "../../../constructs/names.ts";
import { newSecret, type SecretStore } from "../aws/secrets.ts";
import { UserError } from "../errors.ts";

/**
 * A secret in the SSM Parameter Store and, while it is exchanged, its next value beside it: whatever has been given to
 * Keycloak or the database stands in one of the two parameters before.
 */
export class SecretExchange {
  /** Parameter of the next value. */
  readonly nextParameter: string;

  private constructor(
    private readonly store: SecretStore,
    readonly parameter: string,
    /** Undefined where somebody has deleted it. */
    readonly current: string | undefined,
    private written: string | undefined,
  ) {
    this.nextParameter = nextSecretName(parameter);
  }

  /**
   * Reads both parameters.
   * @param make the command that makes the parameter where there is none
   * @throws UserError where there is nothing to exchange, or a parameter is no SecureString
   */
  static async read(store: SecretStore, parameter: string, make: string): Promise<SecretExchange> {
    const nextParameter = nextSecretName(parameter);
    await store.existing([parameter, nextParameter]);
    const [current, next] = await Promise.all([store.read(parameter), store.read(nextParameter)]);
    if (!current && !next) throw new UserError(`There is no parameter ${parameter} to exchange: ${make} makes it.`);
    return new SecretExchange(store, parameter, current, next);
  }

  /** The next value, where an exchange has begun. */
  get next(): string | undefined {
    return this.written;
  }

  /** Writes a new value down before anybody gets it; one that is there already stays. */
  async begin(): Promise<string> {
    if (this.written) return this.written;
    const value = newSecret();
    // Somebody else's, or this one's whose answer was lost: what stands there counts.
    this.written = (await this.store.create(this.nextParameter, value))
      ? value
      : await this.store.read(this.nextParameter);
    if (this.written) return this.written;
    throw new UserError(`${this.nextParameter} was removed by somebody else meanwhile: run one rotation at a time.`);
  }

  /** Makes the next value the current one; it stands in both parameters until the end. */
  async replace(): Promise<void> {
    if (this.written && this.written !== this.current) await this.store.replace(this.parameter, this.written);
  }

  /** Takes the next value away. */
  async end(): Promise<void> {
    await this.store.remove(this.nextParameter);
  }
}
