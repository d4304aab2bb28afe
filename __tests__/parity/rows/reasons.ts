/** Reasons that many rows share. */

export const OWN_RESOURCES = "what the module makes stands here as typed constructs, which a reviewer can read";

export const TAGGED = "the provider's default_tags are on every resource; a resource adds its Name at the most";

export const ONE_NAME = "one name for all of an environment, with neither a random part nor suffixes";

export const GROUP_NAME = "the environment and what is in the group: two environments fit in one VPC";

export const ARTICLE_VALUE = "the article's own value, which the repository does not have";

/** For settings that nobody has asked for since: the definition follows the article's text. */
export const ONLY_REPOSITORY = "only in the repository: the realm as the article prints it keeps Keycloak's default";

export const OUTSIDE_TERRAFORM = "passwords are made outside of Terraform, so that they are in no state (decision 5)";
