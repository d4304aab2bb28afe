import config from "./jest.config.js";

const [{ transform, extensionsToTreatAsEsm, testEnvironment, setupFiles }] = config.projects;

/** Tests on clusters of real nodes: minutes, and a machine to themselves. */
export default {
  testEnvironment,
  extensionsToTreatAsEsm,
  transform,
  setupFiles,
  reporters: config.reporters,
  testMatch: ["<rootDir>/__tests__/cluster/**/*.test.ts"],
  maxWorkers: 1,
};
