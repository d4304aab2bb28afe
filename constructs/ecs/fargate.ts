/**
 * What Fargate sells: memory in MiB by CPU units.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
const MEMORY_BY_CPU = {
  256: [512, 1024, 2048],
  512: range(1, 4, 1),
  1024: range(2, 8, 1),
  2048: range(4, 16, 1),
  4096: range(8, 30, 1),
  8192: range(16, 60, 4),
  16384: range(32, 120, 8),
} as const satisfies Record<number, readonly number[]>;

/** CPU units of a task; 1024 are one vCPU. */
export type FargateCpu = keyof typeof MEMORY_BY_CPU;

/** Every CPU size, ascending. */
export const FARGATE_CPUS = Object.keys(MEMORY_BY_CPU).map(Number) as [FargateCpu, ...FargateCpu[]];

/** Memory sizes in MiB that Fargate sells with so many CPU units, ascending. */
export function memoriesFor(cpu: FargateCpu): readonly number[] {
  return MEMORY_BY_CPU[cpu];
}

/** From and to in GiB, as MiB. */
function range(from: number, to: number, step: number): readonly number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * 1024);
}
