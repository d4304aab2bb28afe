import { expect, test } from "@jest/globals";
import { cacheDir } from "../../../scripts/lib/local/cache-dir.ts";

test.each([
  [{ KEYCLOAK_MCP_CACHE: "/c", XDG_CACHE_HOME: "/x", HOME: "/h" }, "linux", "/c"],
  [{ KEYCLOAK_MCP_CACHE: "", XDG_CACHE_HOME: "/x", HOME: "/h" }, "linux", "/x/keycloak-mcp-aws"],
  [{ HOME: "/h" }, "linux", "/h/.cache/keycloak-mcp-aws"],
  [{ HOME: "/h" }, "darwin", "/h/Library/Caches/keycloak-mcp-aws"],
] as const)("with %j on %s the cache is %s", (variables, platform, directory) => {
  expect(cacheDir(variables, platform)).toBe(directory);
});
