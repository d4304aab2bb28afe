import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { lookAtKeycloak } from "../../../scripts/lib/status/keycloak.ts";
import { environmentOnAws } from "../../support/environment.ts";
import { collectGarbage } from "../../support/garbage.ts";
import { listen, type Listening } from "../../support/listen.ts";

let silent: Listening;
beforeAll(async () => {
  silent = await listen(createServer(() => undefined));
});
afterAll(() => silent.stop());

/** An environment whose Keycloak takes connections and never answers. */
function unanswering(loadBalancer: Partial<EnvironmentOnAws["aws"]["loadBalancer"]> = {}): EnvironmentOnAws {
  const { aws, keycloak, ...others } = environmentOnAws();
  return {
    ...others,
    keycloak: { ...keycloak, url: `http://localhost:${silent.port}/auth` },
    aws: { ...aws, loadBalancer: { ...aws.loadBalancer, ...loadBalancer } },
  };
}

test("a Keycloak that does not answer fails when the time is up, whenever garbage is collected", async () => {
  const collecting = setInterval(collectGarbage, 20);
  const { signal } = new AbortController();
  const findings = await lookAtKeycloak({ environment: unanswering(), signal }, 200);
  clearInterval(collecting);
  expect(findings).toMatchObject([
    {
      name: "discovery",
      status: "fail",
      detail: expect.stringMatching(/^no answer \(TIMEOUT\): nothing listens, or /),
    },
  ]);
});

test("where the load balancer is internal, this says nothing about Keycloak: a warning", async () => {
  const environment = unanswering({ internal: true });
  expect(await lookAtKeycloak({ environment, signal: new AbortController().signal }, 200)).toMatchObject([
    { status: "warn", detail: expect.stringContaining("ask from inside its network") },
  ]);
});

test("the one who aborts is told so, and not that Keycloak fails", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("stopped")), 50);
  await expect(lookAtKeycloak({ environment: unanswering(), signal: stop.signal })).rejects.toThrow("stopped");
});
