import type { Executor } from "../client-policy-types.ts";
import type { RedirectRules } from "../redirect-uris.ts";
import type { RequirementId } from "../../requirements/index.ts";

/**
 * What one release line of Keycloak (`26.4`, `26.7`) does differently. Nothing else in the project asks for a version
 * number: it asks the line.
 */
export interface KeycloakLine {
  /** Major and minor release, such as `26.7`. */
  readonly name: string;
  /** Executors that keep the URIs of self-registered clients within the rules. */
  readonly uriExecutors: (rules: RedirectRules) => Executor[];
  /** Whether the line has the client registration policy "Allowed Registration Web Origins". */
  readonly hasWebOriginsPolicy: boolean;
  /** Name of the feature (`--features`) for RFC 8707, or undefined where the line has none. */
  readonly resourceIndicatorsFeature?: string;
  /** Requirements that this line cannot meet, each with the reason. `verify` shows them; one that passes must go. */
  readonly gaps: Partial<Record<RequirementId, string>>;
}
