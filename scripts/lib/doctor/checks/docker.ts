import { messageOf } from "../../errors.ts";
import { assertDockerWorks } from "../../image/docker.ts";
import { within } from "../../limit.ts";
import { findingIn } from "../advice.ts";
import type { Check, CheckContext } from "../check.ts";
import { PROGRAM_LIMIT } from "../program.ts";
import { fail, ok, warn } from "../row.ts";

/** Docker's engine and buildx, which build the image where ECR does not have it yet. */
export const dockerCheck: Check = {
  id: "machine.docker",
  group: "This machine",
  what: "Docker",
  run: async (context) => {
    const [problem, need] = await Promise.all([problemOf(context), needFor(context)]);
    if (!problem) return ok("the engine and buildx answer");
    const found = `${problem.found}${NEEDS[need]}`;
    return need === "needed" ? fail(found, problem.mend) : warn(found, problem.mend);
  },
};

const NEEDS = {
  needed: "",
  "not-needed": " (this deployment builds no image)",
  unknown: " (whether an image must be built, the account would tell)",
} as const;

async function problemOf({ environment, signal }: CheckContext) {
  try {
    await within(PROGRAM_LIMIT, "Docker", signal, assertDockerWorks);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return findingIn(
      messageOf(error).replace(
        "npm run build-image with --print",
        `npm run build-image -- ${environment.name} --print`,
      ),
      "Start Docker anew (Docker Desktop, or systemctl restart docker).",
    );
  }
}

async function needFor({ lookups, signal }: CheckContext): Promise<keyof typeof NEEDS> {
  if (!(await lookups.accountIsRight())) return "unknown";
  try {
    const { digest, pinned } = await lookups.image();
    return digest || pinned ? "not-needed" : "needed";
  } catch {
    signal.throwIfAborted();
    return "unknown"; // the row of the image says why
  }
}
