/** One promise: where it comes from, and what a user can rely on. */
export interface Requirement {
  /** RFC and section, the article, Keycloak's guide, a client's observed need, or a measured hole. */
  readonly source: string;
  /** The promise, as a sentence. */
  readonly behaviour: string;
  /** The row of the README's compliance table that it belongs to. */
  readonly standard?: Standard;
}

/** The rows of the compliance table, in its order. */
export const STANDARDS = {
  "RFC 7591": "Dynamic Client Registration",
  "RFC 7592": "Registration management",
  "RFC 7636": "PKCE",
  "RFC 8252": "Native apps",
  "RFC 8414": "Authorization Server Metadata",
  "RFC 8707": "Resource Indicators",
  "RFC 9700": "OAuth 2.0 security best practice",
  "RFC 9728": "Protected Resource Metadata",
  "OAuth 2.1": "Draft, as MCP requires it",
} as const;

/** A key of {@link STANDARDS}. */
export type Standard = keyof typeof STANDARDS;

/**
 * Every promise of the project. Tests name the ids in square brackets, rows of `verify` carry them; an id that neither
 * does fails the build.
 */
export const REQUIREMENTS = {
  // Discovery
  "discovery.issuer": {
    standard: "RFC 8414",
    source: "RFC 8414 section 3.3; OpenID Connect Discovery 1.0 section 4.3",
    behaviour: "The issuer in the metadata is exactly the URL that the metadata was asked for",
  },
  "discovery.oauth-metadata": {
    standard: "RFC 8414",
    source: "RFC 8414 section 3; MCP specification, authorization",
    behaviour: "The OAuth metadata document is served, and names the same issuer",
  },
  "discovery.s256": {
    standard: "RFC 7636",
    source: "RFC 8414 section 2; MCP clients stop where S256 is not listed",
    behaviour: "code_challenge_methods_supported lists S256",
  },
  "discovery.registration-endpoint": {
    standard: "RFC 7591",
    source: "RFC 8414 section 2; RFC 7591 section 3",
    behaviour: "The metadata names a registration endpoint of this realm",
  },
  "discovery.scopes": {
    source: "Observed: clients without better knowledge register every scope that discovery lists",
    behaviour: "scopes_supported lists the MCP scopes, offline_access and openid, and nothing else",
  },

  // Registration
  "dcr.client-shapes": {
    standard: "RFC 7591",
    source: "RFC 7591 section 3.1; registrations observed from real MCP clients",
    behaviour: "Every registration that real MCP clients send succeeds without credentials",
  },
  "dcr.public-client": {
    standard: "RFC 7591",
    source: "RFC 7591 section 2, token_endpoint_auth_method",
    behaviour: "A client that registers with token_endpoint_auth_method none gets no secret",
  },
  "dcr.openid-scope": {
    source: "The article, allowed scopes; Keycloak answers 403 otherwise",
    behaviour: 'A client that names "openid" among its scopes can register',
  },
  "dcr.scope-inheritance": {
    source: "The article, component 2: realm default scopes",
    behaviour: "A client that registers without naming a scope gets the first MCP scope by default",
  },
  "dcr.unknown-scope": {
    source: "Keycloak policy Allowed Client Scopes",
    behaviour: "A client that names a scope that is not allowed is refused",
  },
  "dcr.redirects-allowed": {
    standard: "RFC 8252",
    source: "RFC 8252 section 7; redirect URIs observed from real MCP clients",
    behaviour: "Each redirect URI of the allowed clients can be registered",
  },
  "dcr.loopback-port": {
    standard: "RFC 8252",
    source: "RFC 8252 section 7.3",
    behaviour: "A loopback redirect URI works with any port at authorization",
  },
  "dcr.consent": {
    standard: "OAuth 2.1",
    source: "MCP specification, security best practices; Keycloak policy Consent Required",
    behaviour: "A self-registered client gets nothing before the user consents",
  },
  "dcr.browser-origin": {
    source: "Keycloak 26.7, policy Allowed Registration Web Origins",
    behaviour: "A page of an origin that is not allowed cannot register a client",
  },

  // Holes that the article's set-up leaves open
  "hole.client-credentials": {
    standard: "OAuth 2.1",
    source: "Measured hole 1: anonymous registration, then a token without any user",
    behaviour: "No self-registered client gets a token by client_credentials",
  },
  "hole.protocol-mappers": {
    source: "Measured hole 2: a mapper that writes another person's name into sub",
    behaviour: "A self-registered client cannot bring protocol mappers, at registration or later",
  },
  "hole.pkce-missing": {
    standard: "RFC 7636",
    source: "Measured hole 3; RFC 7636 section 4.4.1; OAuth 2.1 section 4.1.1",
    behaviour: "An authorization request without a code challenge is refused",
  },
  "hole.pkce-plain": {
    standard: "RFC 7636",
    source: "Measured hole 3; RFC 9700 section 2.1.1",
    behaviour: "The challenge method plain is refused",
  },
  "hole.implicit": {
    standard: "RFC 9700",
    source: "Measured hole 3; RFC 9700 section 2.1.2",
    behaviour: "Implicit and hybrid flows are refused",
  },
  "hole.password-grant": {
    standard: "RFC 9700",
    source: "RFC 9700 section 2.4",
    behaviour: "The resource owner password credentials grant is refused, also of Keycloak's own client admin-cli",
  },
  "hole.device-grant": {
    standard: "RFC 9700",
    source: "Measured: a stranger's device code, approved by a victim, gives the stranger tokens; RFC 8628 section 5.4",
    behaviour: "No device code is exchanged for a token, even if a person has approved it",
  },
  "hole.redirect-uris": {
    standard: "RFC 9700",
    source: "Measured hole 4; RFC 9700 section 4.1",
    behaviour: "No wildcard, unknown host, disguised host, fragment or script can be registered as a redirect URI",
  },
  "hole.redirect-schemes": {
    standard: "RFC 8252",
    source: "Measured hole 4; RFC 8252 section 7.1",
    behaviour: "No private-use scheme but those of the allowed clients can be registered",
  },
  "hole.redirect-paths": {
    standard: "RFC 9700",
    source: "Measured hole 4; RFC 9700 section 2.1, exact matching",
    behaviour: "No other path on an allowed client's host can be registered",
  },
  "hole.redirect-change": {
    standard: "RFC 7592",
    source: "Measured hole 4; RFC 7592 section 2.2",
    behaviour: "A registered client cannot change its redirect URIs to ones that are not allowed",
  },
  "hole.post-logout-uris": {
    source: "Measured hole 5",
    behaviour: "Post-logout redirect URIs are held to the same patterns",
  },
  "hole.server-side-requests": {
    source: "Measured hole 5: URIs at 169.254.169.254 that the server itself would fetch",
    behaviour: "A self-registered client cannot name URIs that the server would call",
  },
  "hole.front-channel-logout": {
    source: "Measured hole 5",
    behaviour: "A self-registered client cannot have a front-channel logout URI",
  },
  "hole.web-origins": {
    source: "Measured hole 5",
    behaviour: "A self-registered client cannot allow every web origin (*)",
  },
  "hole.saml-registration": {
    source: "Keycloak's client registration providers; there is no SAML in OAuth",
    behaviour: "Nobody can register a SAML client by himself",
  },
  "saml.by-administrators": {
    source: "Client policies hold for the Admin REST API as well",
    behaviour: "An administrator can still make, see, change and remove a SAML client",
  },

  // Tokens
  "token.code-flow": {
    standard: "OAuth 2.1",
    source: "OAuth 2.1 section 4.1",
    behaviour: "A self-registered client completes the authorization code flow with PKCE S256",
  },
  "token.audience": {
    standard: "RFC 8707",
    source: "RFC 8707 section 2.2; the article, component 1",
    behaviour: "aud of the access token is the MCP server's URI",
  },
  "token.scope": {
    source: "The article, include_in_token_scope",
    behaviour: "scope of the access token contains the MCP scope",
  },
  "token.id-token-audience": {
    source: "The article, key design decision",
    behaviour: "aud of the ID token is the client alone, never the MCP server",
  },
  "token.separate-audiences": {
    standard: "RFC 8707",
    source: "RFC 8707 section 2; several MCP servers on one authorization server",
    behaviour: "A token for one MCP server never carries another's audience unless both scopes were granted",
  },
  "token.foreign-resource": {
    standard: "RFC 8707",
    source: "RFC 8707 section 2, invalid_target; Keycloak feature resource-indicators",
    behaviour: "With resourceIndicators on, a resource that is no MCP server of the realm is refused",
  },
  "token.refresh-rotation": {
    standard: "RFC 9700",
    source: "RFC 9700 section 2.2.2; OAuth 2.1 section 4.3.1",
    behaviour: "A refresh token works once; using it again is refused",
  },
  "token.protected-resource": {
    standard: "RFC 9728",
    source: "RFC 9728 section 3; MCP specification, authorization",
    behaviour:
      "An MCP server that publishes its metadata is reached by the official SDK's client with no manual set-up",
  },
  "login.browser": {
    source: "A person's need",
    behaviour: "A person logs in and consents in a real browser, and reads what the client asks for",
  },

  // The realm, row by row as in the article
  "realm.display": { source: "The article, realm configuration", behaviour: "The realm has the display names" },
  "realm.lifespans": {
    source: "The article, realm configuration",
    behaviour: "Access token 1h, SSO idle 30m, SSO max 10h, offline idle 720h",
  },
  "realm.ssl": { source: "The article, realm configuration", behaviour: "HTTPS is required except on loopback" },
  "realm.password-policy": {
    source: "The article, realm configuration",
    behaviour: "Passwords have 12 characters of four kinds",
  },
  "realm.headers": { source: "The article, realm configuration", behaviour: "The seven security headers are set" },
  "realm.brute-force": {
    source: "The article, realm configuration",
    behaviour: "Brute-force detection is on, with the article's values",
  },
  "realm.scopes": {
    source: "The article, components 1 and 2",
    behaviour: "Default and optional scopes are exactly those listed; mcp:run is on the consent page and in the token",
  },
  "realm.spa-client": {
    source: "The article's example client, which names a scope that does not exist",
    behaviour: "The optional single-page application is public, has PKCE S256 and inherits the realm's scopes",
  },
  "drift.settings": { source: "One definition, three uses", behaviour: "Realm settings are as defined" },
  "drift.scopes": { source: "One definition, three uses", behaviour: "Client scopes and mappers are as defined" },
  "drift.clients": { source: "One definition, three uses", behaviour: "Clients made by hand are as defined" },
  "drift.client-policies": { source: "One definition, three uses", behaviour: "Client policies are as defined" },
  "drift.registration-policies": {
    source: "One definition, three uses",
    behaviour: "Registration policies, and the scopes that discovery lists, are as defined",
  },

  // Commands
  "environment.errors": {
    source: "A platform engineer's need",
    behaviour: "All errors of an environment file are shown at once, each with setting, value and what is allowed",
  },
  "environment.new": {
    source: "The article's `cp -r template` and `init-from-parent`",
    behaviour: "new-environment writes a valid file from flags or answers, whole or not at all, and never over another",
  },
  "doctor.rows": {
    source: "A platform engineer's need",
    behaviour:
      "doctor exits with 1 exactly where a deployment would fail, and says how to mend each row that is not ok",
  },
  "doctor.read-only": {
    source: "A command that checks must not change",
    behaviour: "doctor changes nothing in the account",
  },
  "doctor.time": {
    source: "Programs and networks that hang",
    behaviour: "doctor gives up what does not answer, and says so in its row",
  },
  "doctor.permissions": {
    source: "A deployment without a permission stops half way",
    behaviour: "doctor lists what the credentials may not do, as IAM tells; where IAM does not, that is no failure",
  },
  "terraform.synth": {
    source: "CDKTF's users",
    behaviour: "cdktf synth needs no network and no credentials, and yields the same bytes twice",
  },
  "terraform.ids": {
    source: "A rename would replace a realm and its users",
    behaviour: "Construct ids do not change",
  },
  "terraform.second-plan": {
    source: "The mission",
    behaviour: "A second terraform plan after an apply is empty",
  },
  "policies.minimal": {
    source: "The mission",
    behaviour: "With nothing to change, fix-policies sends at most 3 requests and writes nothing",
  },
  "policies.converge": {
    source: "The mission",
    behaviour: "Interrupted after any request, a second run of fix-policies converges",
  },
  "policies.guard": {
    source: "Trusted Hosts without a client policy would open hole 4",
    behaviour: "Trusted Hosts is removed only where the client policies are in place",
  },
  "policies.odd-realms": {
    source: "Realms that people changed by hand, and older servers",
    behaviour: "A policy that is missing, doubled, unknown to the server or has further keys is handled",
  },
  "policies.faults": {
    source: "Networks",
    behaviour: "Connection errors, 429 and 5xx are repeated; a 401 logs in again once; a 403 names the missing role",
  },
  "policies.dry-run": {
    source: "terraform plan -detailed-exitcode",
    behaviour: "--dry-run writes nothing and exits 2 where there is a difference, 0 where there is none",
  },
  "events.saved": {
    source: "Keycloak guide, configuring auditing to track events; prune-clients needs them",
    behaviour:
      "Logins, registrations and who changed what are saved for realm.events.retentionDays, without the values that changed",
  },
  "clients.prune": {
    source: "Measured: from Max Clients Limit on every new MCP client gets 403, for ever",
    behaviour:
      "prune-clients removes self-registered clients that nobody has used for some days and no other; interrupted, it goes on",
  },
  "clients.prune-proof": {
    source: "Keycloak keeps no time of a client's last use",
    behaviour:
      "Where saved events do not prove that clients are unused, prune-clients removes none and says from when on",
  },
  "verify.cleanup": {
    source: "A command that checks must not change",
    behaviour: "verify removes every client and user that it made, also when it fails or is interrupted",
  },
  "secrets.nowhere": {
    source: "The mission",
    behaviour: "No secret is in cdktf.out, in the output of a command, or in an error",
  },
  "secrets.rotation": {
    source: "A platform engineer's need",
    behaviour:
      "rotate-secrets exchanges both passwords; a valid one is in SSM at every moment, and a second run goes on after any cut",
  },
  "secrets.rotation-refused": {
    source: "A platform engineer's need",
    behaviour: "rotate-secrets writes nothing where no stored password is valid or the database cannot take one",
  },
  "service.steady": {
    source: "Amazon ECS API, Deployment; a platform engineer's need",
    behaviour:
      "A command that replaces tasks waits for the last old one; where it fails, it tells what the new ones ended with",
  },
  "local.download": {
    source: "A newcomer's need",
    behaviour: "A broken download resumes or restarts, is checked against its checksum, and fails in one clear line",
  },
  "local.run": {
    source: "A newcomer's need",
    behaviour: "npm run local -- --check makes a realm that passes verify, and leaves no process behind",
  },
  "local.nodes": {
    source: "The mission",
    behaviour:
      "npm run local -- --nodes 2 is one cluster behind the listener's rules; another node comes for one that ends",
  },
  "backup.database": {
    source: "The mission",
    behaviour:
      "A dump of the database, restored into another or over a later release's, brings back users, clients and sessions",
  },
  "backup.realm": {
    source: "The mission",
    behaviour: "A realm that was exported and imported elsewhere has its users and clients, and no drift",
  },
  "cluster.any-node": {
    source: "The article, session replication; Keycloak guide, persistent user sessions",
    behaviour: "A login that is begun on one node ends on another, and tokens are good on all",
  },
  "cluster.crash": {
    source: "The article, tasks join and leave the cluster",
    behaviour: "A node that dies takes no session and no refresh token with it",
  },
  "cluster.rolling": {
    source: "The article, deployment with 200 and 100 percent",
    behaviour: "A rolling deployment under load fails no request",
  },
  "cluster.database-away": {
    source: "Observed: a health check on readiness kills all nodes while the database fails over",
    behaviour: "A database that is away for 45 seconds makes no health check kill a node, and nothing is lost",
  },
  "cluster.frozen": {
    source: "Observed: a node that hangs keeps its connections",
    behaviour: "A node that freezes gets no more requests, is dropped from the cluster, and comes back",
  },
  "cluster.memory": {
    source: "constructs/ecs/heap.ts",
    behaviour: "A node under load fits into the memory of its task",
  },
  "cluster.first-start": {
    source: "keycloak#41290: concurrent first starts can form two clusters",
    behaviour: "Nodes that start at once on an empty database end in one cluster",
  },
  "cluster.split": {
    source: "The article, security group of the tasks; observed: two clusters on one database answer 200 both",
    behaviour: "Nodes that cannot reach each other say so in a way that sets off the alarm cluster-split",
  },
  "status.rows": {
    source: "Somebody who is woken at night",
    behaviour:
      "status looks at everything at once; what AWS or Keycloak refuses is one row with the reason, and the others still come",
  },
  "status.alarms": {
    source: "Somebody who is woken at night, or who is not",
    behaviour: "status says which alarms have gone off, now or within a day, and whether anybody is told",
  },
  "admin.password": {
    source: "A newcomer's need",
    behaviour:
      "admin says how to come into the console, and shows the password on request only, alone on standard output",
  },
  "logs.follow": {
    source: "A platform engineer's need",
    behaviour: "logs --follow shows every line once, also one that comes late, until Ctrl-C",
  },
  "deploy.whole": {
    source: "The article, deployment walkthrough and two-phase deployment pattern",
    behaviour: "One command takes an environment from nothing to verified, and changes nothing when it is run again",
  },
  "deploy.order": {
    source: "The mission",
    behaviour:
      "Steps go in their order, the image beside the database, and the administrator's password to the realm's stack only",
  },
  "deploy.approval": {
    source: "A platform engineer's need",
    behaviour:
      "Each Terraform plan is shown and confirmed, unless nobody is to be asked; that plan is applied, or nothing where it was refused or the stack has changed since",
  },
  "deploy.realm-only": {
    source: "A platform engineer's need",
    behaviour:
      "An environment without AWS gets its realm, its policies and the proof, on a Keycloak that runs elsewhere",
  },
  "deploy.interrupt": {
    source:
      "Observed: cdktf ends at once when it is interrupted, and takes Terraform along, without state and with the lock",
    behaviour:
      "Interrupted or killed, a deployment leaves Terraform to its end: nothing is tainted, the state saved and unlocked",
  },
  "deploy.upgrade": {
    source: "Observed: two releases on one database are two clusters, both answering 200",
    behaviour: "deploy obeys update-compatibility: it refuses, or stops all old tasks after a snapshot",
  },
  "deploy.faults": {
    source: "A platform engineer's need",
    behaviour:
      "A deployment that fails or is stopped says why, what is done, and the one command that goes on from there",
  },
  "destroy.guard": {
    source: "A platform engineer's fear",
    behaviour: "destroy touches nothing that is protected, nor a production environment whose name is not typed",
  },
  "destroy.stacks": {
    source: "The mission",
    behaviour: "destroy takes the stacks away in order, goes on where it was stopped, and says what stays",
  },
  "deploy.targets": {
    source: "terraform plan -target",
    behaviour:
      "The database is deployed before the rest of its stack, by the ordinary cdktf and Terraform's own targets",
  },
  "docs.commands": {
    source: "A newcomer's need",
    behaviour:
      "Every command in the documents exists, with its options; cdktf takes its stacks, and every link leads there",
  },
  "upgrade.check": {
    source: "Keycloak guide, update-compatibility",
    behaviour: "upgrade-check says whether old and new tasks may run at once, and what keeps them from it",
  },
  "upgrade.data": {
    source: "Keycloak guide, upgrading",
    behaviour: "Realm, users and sessions of 26.4 are there on 26.7, on the same database",
  },
} as const satisfies Record<string, Requirement>;

/** The id of a requirement. */
export type RequirementId = keyof typeof REQUIREMENTS;
