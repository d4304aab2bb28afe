import { UserError } from "../errors.ts";

/** Keycloak has refused a login itself: the credentials, or the account or client that they are of. */
export class LoginRefused extends UserError {
  /** @param reason Keycloak's own words, such as `"Invalid user credentials"` */
  constructor(
    message: string,
    readonly reason: string,
  ) {
    super(message);
  }
}
