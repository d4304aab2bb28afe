import { PORTS } from "../../../keycloak-image/settings.ts";
import { isPortFree } from "../local/ports.ts";

/** How far the port of failure detection is from the one of the cluster's messages. */
const DISTANCE = PORTS.clusterFailureDetection - PORTS.cluster;

/** Their sum with {@link DISTANCE} is above what Linux gives to clients (32768 to 60999), and is a port still. */
export const FIRST_CLUSTER_PORT = 11_000;
export const LAST_CLUSTER_PORT = 65_535 - DISTANCE;

let next = FIRST_CLUSTER_PORT + Math.floor(Math.random() * (LAST_CLUSTER_PORT - FIRST_CLUSTER_PORT));

/**
 * A port for the messages between nodes that is free now, and so is the one of failure detection that goes with it.
 * Never the same twice in a process, as long as there are others: a node takes it a while after it was found.
 */
export async function freeClusterPort(): Promise<number> {
  for (;;) {
    const port = next;
    next = port < LAST_CLUSTER_PORT ? port + 1 : FIRST_CLUSTER_PORT;
    if ((await isPortFree(port)) && (await isPortFree(port + DISTANCE))) return port;
  }
}
