import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { logGroupName, namePrefix, secretNames, SHORTEST_NAME_LIMIT } from "../../constructs/names.ts";

/** Names that the schema lets through: letters, digits and single hyphens, 2 to 20 characters. */
const environmentName = fc.stringMatching(/^[a-z](-?[a-z0-9]){1,9}$/).filter((name) => name.length <= 20);

/** All names of an environment, by what they are for. */
const namesOf = (environment: string) => ({
  prefix: namePrefix(environment),
  logGroup: logGroupName(environment),
  ...secretNames(environment),
});

test("the names of an environment", () => {
  expect(namesOf("production")).toEqual({
    prefix: "keycloak-production",
    logGroup: "/ecs/keycloak/production",
    adminPassword: "/keycloak/production/admin_password",
    databasePassword: "/keycloak/production/db_password",
  });
});

test("the longest environment's name leaves the prefix below the shortest limit", () => {
  expect(namePrefix("e".repeat(20)).length).toBeLessThan(SHORTEST_NAME_LIMIT);
});

test("every name is one that AWS takes", () => {
  fc.assert(
    fc.property(environmentName, (environment) => {
      const { prefix, logGroup, adminPassword, databasePassword } = namesOf(environment);
      // A load balancer's: no hyphen at the ends, not "internal-" first. A database's: no two hyphens in a row.
      expect(prefix).toMatch(/^(?!internal-)(?!.*--)[a-z][a-z0-9-]*[a-z0-9]$/);
      expect(prefix.length).toBeLessThan(SHORTEST_NAME_LIMIT);
      expect(logGroup).toMatch(/^[\w/.#-]{1,512}$/);
      // The Parameter Store's: 15 levels at the most, and neither "aws" nor "ssm" first.
      for (const name of [adminPassword, databasePassword]) expect(name).toMatch(/^(?!\/(aws|ssm))(\/[\w.-]+){1,15}$/);
    }),
  );
});

test("two environments share no name, and none is the beginning of another's path", () => {
  fc.assert(
    fc.property(environmentName, environmentName, fc.constantFrom("", "-", "a", "0"), (one, other, end) => {
      const close = `${one}${end}`;
      for (const another of [other, close].filter((name) => name !== one)) {
        const [mine, theirs] = [namesOf(one), namesOf(another)].map(Object.values<string>) as [string[], string[]];
        expect(mine.filter((name) => theirs.includes(name))).toEqual([]);
        expect(theirs.some((name) => name.startsWith(`/keycloak/${one}/`))).toBe(false);
      }
      expect(new Set(Object.values(namesOf(one))).size).toBe(4);
    }),
  );
});
