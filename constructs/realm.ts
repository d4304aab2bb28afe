import { Realm } from "@cdktf/provider-keycloak/realm";
import { RealmEvents } from "@cdktf/provider-keycloak/realm-events";
import { Construct } from "constructs";
import { formatDuration } from "../environments/schema/duration.ts";
import type { RealmSettings } from "../realm/definition.ts";
import { ADMIN_EVENTS_EXPIRATION } from "../realm/representation.ts";

/** Props of {@link McpRealm}. */
export interface McpRealmProps {
  /** Name of the realm, a part of the issuer's URL. A change replaces the realm and every user in it. */
  readonly name: string;
  /** Its settings; times in seconds. */
  readonly settings: RealmSettings;
  /** Terraform refuses to destroy or replace the realm until this is off and applied. */
  readonly deletionProtection: boolean;
}

/** The realm itself: display, lifespans, headers, password policy, brute-force detection, and which events it saves. */
export class McpRealm extends Construct {
  /** Reference to the realm's name, which every other resource takes, so that it is made first. */
  readonly realmId: string;

  constructor(scope: Construct, id: string, props: McpRealmProps) {
    super(scope, id);
    const { settings } = props;
    const { events } = settings;
    const realm = new Realm(this, "realm", {
      realm: props.name,
      enabled: true,
      displayName: settings.displayName,
      displayNameHtml: settings.displayNameHtml,
      sslRequired: settings.sslRequired,
      accessTokenLifespan: formatDuration(settings.accessTokenLifespan),
      ssoSessionIdleTimeout: formatDuration(settings.ssoSessionIdleTimeout),
      ssoSessionMaxLifespan: formatDuration(settings.ssoSessionMaxLifespan),
      offlineSessionIdleTimeout: formatDuration(settings.offlineSessionIdleTimeout),
      revokeRefreshToken: settings.revokeRefreshToken,
      refreshTokenMaxReuse: settings.refreshTokenMaxReuse,
      passwordPolicy: settings.passwordPolicy,
      securityDefenses: {
        headers: {
          ...settings.browserSecurityHeaders,
          xXssProtection: settings.browserSecurityHeaders.xXSSProtection,
        },
        bruteForceDetection: settings.bruteForce,
      },
      attributes: { [ADMIN_EVENTS_EXPIRATION]: String(events.expiration) },
      terraformDeletionProtection: props.deletionProtection,
      // The provider refuses at the end only, when Terraform has removed the scopes and clients already: the plan must fail.
      lifecycle: { preventDestroy: props.deletionProtection },
    });
    this.realmId = realm.id;

    new RealmEvents(this, "events", {
      realmId: this.realmId,
      eventsEnabled: events.userEvents,
      eventsExpiration: events.expiration,
      eventsListeners: [...events.listeners],
      // No enabledEventTypes: the provider then writes an empty list, which Keycloak takes for its own choice.
      adminEventsEnabled: events.adminEvents,
      adminEventsDetailsEnabled: events.adminEventsDetails,
    });
  }
}
