import { expect, test } from "@jest/globals";
import { FARGATE_CPUS, memoriesFor, type FargateCpu } from "../../../constructs/ecs/fargate.ts";

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
test.each<[FargateCpu, string, number, number, number]>([
  [512, "1 to 4 GB in steps of 1 GB", 1, 4, 4],
  [1024, "2 to 8 GB in steps of 1 GB", 2, 8, 7],
  [2048, "4 to 16 GB in steps of 1 GB", 4, 16, 13],
  [4096, "8 to 30 GB in steps of 1 GB", 8, 30, 23],
  [8192, "16 to 60 GB in steps of 4 GB", 16, 60, 12],
  [16384, "32 to 120 GB in steps of 8 GB", 32, 120, 12],
])("with %d CPU units, Fargate sells %s", (cpu, _, from, to, count) => {
  const memories = memoriesFor(cpu);
  expect([memories[0], memories.at(-1), memories.length]).toEqual([from * 1024, to * 1024, count]);
  const steps = memories.slice(1).map((memory, index) => memory - memories[index]!);
  expect(new Set(steps).size).toBe(1);
});

test("with 256 CPU units, Fargate sells 512 MiB, 1 GB and 2 GB", () => {
  expect(memoriesFor(256)).toEqual([512, 1024, 2048]);
});

test("the sizes of CPU are in order, from a quarter of a vCPU to sixteen", () => {
  expect(FARGATE_CPUS).toEqual([256, 512, 1024, 2048, 4096, 8192, 16384]);
});
