import { describe, expect, test } from "@jest/globals";
import { FARGATE_CPUS, memoriesFor } from "../../../constructs/ecs/fargate.ts";
import { heapFor } from "../../../constructs/ecs/heap.ts";

/** Every memory of a task, in MiB, that Keycloak starts in. */
const MEMORIES = [...new Set(FARGATE_CPUS.flatMap((cpu) => memoriesFor(cpu)))].filter((memory) => memory >= 1024);

describe("the heap of a task", () => {
  test.each([
    [1024, 256, 512],
    [2048, 716, 1433],
    [4096, 1433, 2867],
    [122_880, 43_008, 86_016],
  ])("of %d MiB", (memory, initial, maximum) => expect(heapFor(memory)).toEqual({ initial, maximum }));
});

test.each(MEMORIES)("in %d MiB, the heap fits beside the rest of the JVM", (memory) => {
  const { initial, maximum } = heapFor(memory);
  expect(Number.isInteger(initial) && Number.isInteger(maximum)).toBe(true);
  expect(initial).toBeGreaterThanOrEqual(256);
  expect(initial).toBeLessThanOrEqual(maximum);
  expect(memory - maximum).toBeGreaterThanOrEqual(512);
  expect(maximum).toBeLessThanOrEqual(memory * 0.7);
});

test("more memory is more heap", () => {
  const heaps = MEMORIES.sort((one, other) => one - other).map((memory) => heapFor(memory).maximum);
  expect(heaps.every((heap, index) => index === 0 || heap > heaps[index - 1]!)).toBe(true);
});
