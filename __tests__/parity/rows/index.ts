import type { Row } from "../support/row.ts";
import { CLIENT } from "./client.ts";
import { CONTAINER_OF_ARTICLE } from "./container-article.ts";
import { CONTAINER } from "./container.ts";
import { DATABASE } from "./database.ts";
import { ENDPOINTS } from "./endpoints.ts";
import { EXISTING_VPC } from "./existing-vpc.ts";
import { LOAD_BALANCER } from "./load-balancer.ts";
import { MONITORING } from "./monitoring.ts";
import { NETWORK } from "./network.ts";
import { OUTPUTS_OF_REALM } from "./outputs-realm.ts";
import { OUTPUTS } from "./outputs.ts";
import { REALM } from "./realm.ts";
import { REGISTRATION } from "./registration.ts";
import { REGISTRY } from "./registry.ts";
import { SCOPES } from "./scopes.ts";
import { SECRETS } from "./secrets.ts";
import { SECURITY_GROUPS } from "./security-groups.ts";
import { SERVICE } from "./service.ts";
import { STATE } from "./state.ts";

/**
 * The parity table by area: every setting of the article and of its repository, github.com/zxkane/terraform-keycloak-aws
 * at 4c9d831, with what has become of it.
 *
 * Variables are filled in from `terraform.tfvars` and their defaults, so that a setting is one row and not also one per
 * module that hands it on; outputs of modules, and variables that nothing reads, have none. Blocks that are commented
 * out are none either. What a container image is built from is no Terraform, and not in here.
 */
export const AREAS: Readonly<Record<string, readonly Row[]>> = {
  "state, providers and names": STATE,
  network: NETWORK,
  "existing network": EXISTING_VPC,
  "VPC endpoints": ENDPOINTS,
  "security groups": SECURITY_GROUPS,
  "load balancer": LOAD_BALANCER,
  database: DATABASE,
  secrets: SECRETS,
  registry: REGISTRY,
  service: SERVICE,
  "container of the repository": CONTAINER,
  "container of the article": CONTAINER_OF_ARTICLE,
  monitoring: MONITORING,
  outputs: OUTPUTS,
  "outputs of the realm": OUTPUTS_OF_REALM,
  realm: REALM,
  scopes: SCOPES,
  "single-page application": CLIENT,
  registration: REGISTRATION,
};
