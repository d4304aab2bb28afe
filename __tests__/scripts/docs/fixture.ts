import { z } from "zod";

/** Where it is kept. */
const store = z.strictObject({
  /** How much fits. @default 2 (GiB) */
  size: z.number().positive().default(2),
});

const disk = z.strictObject({
  /** Says that it is a disk. */
  kind: z.literal("disk"),
  /** Where the disk is mounted. */
  path: z.string(),
});

const cloud = z.strictObject({
  /** Says that it is somewhere else. */
  kind: z.literal("cloud"),
  /** Where that is. */
  path: z.string(),
  /** Its Region. @default "near" in winter, "far" | "away" in summer */
  region: z.string().optional(),
});

export const good = z
  .strictObject({
    /** Described over
     * two lines, where a < b | c. */
    name: z.string(),
    store: store.prefault({}),
    /** One or the other, many times. */
    volumes: z.array(z.discriminatedUnion("kind", [disk, cloud])).optional(),
    /** Off, or with what. */
    cache: z
      .union([
        z.literal(false),
        z.strictObject({
          /** For so many seconds. */
          seconds: z.int().min(1).max(60),
        }),
      ])
      .default(false),
    /** Sizes by name. @default none */
    limits: z.record(z.string(), z.int().min(1)).default({}),
    /** Read as text, kept as a number. @default "5" */
    count: z.string().default("5").transform(Number),
  })
  .transform((value) => ({ ...value, more: true }));
export type Good = z.input<typeof good>;

const few = z.strictObject({
  /** @default 1 */
  size: z.int().optional(),
});

export const bad = z.strictObject({
  /** A comment that was true once. @default ["a"] */
  list: z.array(z.string()).default(["a", "b"]),
  /** The same, with a remark. @default 30 (days) */
  days: z.int().default(7),
  /** Cannot be left out. @default "x" */
  name: z.string(),
  few: few.prefault({}),
});
export type Bad = z.input<typeof bad>;

/** Two variants whose settings have the same names. */
export const twins = z.strictObject({
  /** One of two. */
  volume: z.discriminatedUnion("kind", [disk, cloud.omit({ region: true })]),
});
export type Twins = z.input<typeof twins>;
