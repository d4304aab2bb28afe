import { tsImport } from "tsx/esm/api";

/** Jest loads this file without its transform, so tsx reads the rest. */
export default async function globalSetup() {
  const { startServers } = await tsImport("./servers.ts", import.meta.url);
  globalThis.e2eServers = await startServers();
}
