import { BOOTSTRAP_ADMIN } from "../../../constructs/ecs/container.ts";
import { firstAdministrator } from "../aws/administrator.ts";
import { UserError } from "../errors.ts";
import { AdminClient } from "../keycloak/admin-client.ts";
import type { User } from "../keycloak/users.ts";

/** The administrator of Keycloak's first start, logged in as itself. */
export class AdminAccount {
  private constructor(
    private readonly url: string,
    private readonly admin: AdminClient,
    private readonly id: string,
  ) {}

  /**
   * Logs in, and proves by it that the password is valid.
   * @param url Keycloak's base URL
   * @throws LoginRefused where Keycloak does not take it
   */
  static async logIn(url: string, password: string, signal: AbortSignal): Promise<AdminAccount> {
    const admin = new AdminClient(url, "master", firstAdministrator(password), { signal });
    const [user] = await admin.send<User[]>({ path: "/users", query: { username: BOOTSTRAP_ADMIN, exact: true } });
    if (user?.id) return new AdminAccount(url, admin, user.id);
    throw new UserError(`Keycloak at ${url} logs ${BOOTSTRAP_ADMIN} in, but lists no such user in the realm master.`);
  }

  /**
   * Gives the account another password, and logs in with that.
   * @throws UserError where the realm's password policy does not take it
   */
  async change(password: string, signal: AbortSignal): Promise<AdminAccount> {
    const answer = await this.admin.exchange({
      method: "PUT",
      path: `/users/${this.id}/reset-password`,
      body: { type: "password", value: password, temporary: false },
      accept: [400],
    });
    if (answer.status === 400) throw notTaken(answer.data as Refusal);
    return AdminAccount.logIn(this.url, password, signal);
  }

  /** Ends all its sessions, this one as well. */
  async logOutEverywhere(): Promise<void> {
    await this.admin.send({ method: "POST", path: `/users/${this.id}/logout` });
  }
}

/** Keycloak's answer to a password that it does not take. */
interface Refusal {
  readonly error_description?: string;
  readonly errorMessage?: string;
}

function notTaken({ error_description: description, errorMessage }: Refusal): UserError {
  return new UserError(
    `Keycloak does not take a password of 64 hexadecimal digits: ${description ?? errorMessage ?? "it gives no reason"} ` +
      "Loosen the password policy of the realm master, then run the command again.",
  );
}
