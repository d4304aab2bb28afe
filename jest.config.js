// Native ES modules: the Keycloak bindings, jose and openid-client ship nothing else.
const shared = {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }],
  },
  setupFiles: ["<rootDir>/__tests__/support/no-colour.js"],
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out"],
};

export default {
  // Two files at a time, however many cores there are: some of them start Keycloaks of their own.
  maxWorkers: 2,
  reporters: ["default", "<rootDir>/__tests__/support/summary-reporter.js"],
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "/__tests__/e2e/", "/__tests__/cluster/"],
    },
    {
      ...shared,
      displayName: "e2e",
      testMatch: ["<rootDir>/__tests__/e2e/**/*.test.ts"],
      globalSetup: "<rootDir>/__tests__/e2e/support/global-setup.js",
      globalTeardown: "<rootDir>/__tests__/e2e/support/global-teardown.js",
      setupFilesAfterEnv: ["<rootDir>/__tests__/e2e/support/timeout.js"],
    },
  ],
};
