import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");

/** Frees at once whatever nothing holds any more: what is held too weakly is then gone, as it would be some day anyway. */
export const collectGarbage = runInNewContext("gc") as () => void;
