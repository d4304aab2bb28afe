import { createServer, type AddressInfo, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { assertPortFree, freePort, isPortFree } from "../../../scripts/lib/local/ports.ts";

let server: Server;
let taken: number;
beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  taken = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

describe("ports", () => {
  test("one that a program listens on is not free", async () => {
    expect(await isPortFree(taken)).toBe(false);
    expect(await isPortFree(await freePort())).toBe(true);
  });

  test("free ones are not those that the system gives to clients, and none is given twice", async () => {
    const ports = [await freePort(), await freePort(), await freePort()];
    expect(new Set(ports).size).toBe(3);
    for (const port of ports) expect(port >= 16_000 && port <= 32_000).toBe(true);
  });

  test("a taken port, or none, is one clear error that names the option", async () => {
    await expect(assertPortFree(taken)).rejects.toThrow(
      `Port ${taken} is taken by another program. Stop that program, or choose another port with --port <number>.`,
    );
    await expect(assertPortFree(70_000)).rejects.toThrow(
      "--port 70000 is no port: give a whole number from 1 to 65535.",
    );
  });
});
