import type { Step } from "../../terminal/steps.ts";
import type { Say } from "../../terminal/task-list.ts";

/** Lets a function with steps of its own tell them within one task. */
export function stepOf(say: Say): Step {
  return (title, work) => {
    say.doing(title);
    return work((text) => say.doing(`${title}: ${text}`));
  };
}
