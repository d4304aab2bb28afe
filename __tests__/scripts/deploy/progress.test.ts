import { describe, expect, test } from "@jest/globals";
import { Progress, stepNamed } from "../../../scripts/lib/deploy/progress.ts";
import { STEPS, type Move, type StepName, type StepTask } from "../../../scripts/lib/deploy/step.ts";

const say = { doing: () => undefined, event: () => undefined };

function task(step: StepName, error?: string): StepTask {
  return { step, title: step, run: () => (error ? Promise.reject(new Error(error)) : Promise.resolve("well")) };
}

/** Runs tasks as far as they go, and tells what is said of that. */
async function after(
  tasks: readonly StepTask[],
  options = { interrupted: false, autoApprove: false },
): Promise<string> {
  const moves: Move[] = tasks.map((one) => ({ tasks: [one] }));
  const progress = new Progress("staging", moves);
  for (const one of tasks)
    await progress
      .counted(one)
      .run(say)
      .catch(() => undefined);
  return progress.failure("outside of all steps", options);
}

describe("a failure says", () => {
  test("what went wrong where, what is done, and how to go on", async () => {
    const text = await after([task("secrets"), task("registry", "no room"), task("realm", "not its turn")]);
    expect(text).toMatch(
      /^registry: no room\nrealm: not its turn\n\nDone in this run: secrets\. To do: registry, realm\.\n/,
    );
    expect(text).toMatch(/\nTo go on: npm run deploy -- staging --from registry$/);
  });

  test("both problems of two steps that went side by side, and the first of them to begin with", async () => {
    const text = await after([task("database", "no room"), task("image", "no Docker"), task("keycloak")]);
    expect(text).toMatch(/^database: no room\nimage: no Docker\n/);
    expect(text).toContain("--from database");
  });

  test("where it was interrupted, whatever broke by that", async () => {
    const text = await after([task("database", "AbortError")], { interrupted: true, autoApprove: true });
    expect(text).toMatch(/^Interrupted in database\.\n/);
    expect(text).toMatch(/--from database --auto-approve$/);
  });

  test("that a step of several parts is not done before the last of them is", async () => {
    const text = await after([task("keycloak"), task("keycloak", "no room")]);
    expect(text).toContain("Done in this run: nothing yet. To do: keycloak.");
  });

  test("what is no step's fault, and begins anew then", () => {
    const text = new Progress("staging", [{ tasks: [task("check")] }]).failure("no cdktf", {
      interrupted: false,
      autoApprove: false,
    });
    expect(text).toMatch(/^no cdktf\n/);
    expect(text).toMatch(/To go on: npm run deploy -- staging$/);
  });
});

test("a step is named as it is, or refused with those that there are", () => {
  expect(stepNamed("realm", STEPS)).toBe("realm");
  expect(() => stepNamed("image", ["realm", "policies"])).toThrow(
    '--from: "image" is no step of this environment. Allowed: realm, policies',
  );
});
