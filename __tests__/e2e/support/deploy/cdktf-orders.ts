/** What the stand-in for CDKTF is told by a test; a file, so that it can change between two runs. */
export interface CdktfOrders {
  readonly environment: string;
  /** File that gets a {@link CdktfCall} per line. */
  readonly log: string;
  /** Where it keeps what Terraform would keep in its state: locks. */
  readonly folder: string;
  /** Milliseconds that a deployment of a stack takes at least. */
  readonly takes: number;
  /** What happens instead, by `<verb> <stack>`. */
  readonly says: Readonly<Record<string, "fails" | "hangs" | "killed" | "lock">>;
  /** The emulated AWS, without the faults that are in the way of commands. */
  readonly aws: string;
  /** The real Keycloak, and who may make its first administrator. */
  readonly keycloak: { readonly url: string; readonly clientId: string; readonly clientSecret: string };
}

/** One thing that the stand-in did. */
export interface CdktfCall {
  readonly event: "begun" | "ended" | "failed";
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly pid: number;
  readonly verb: string;
  readonly stack: string;
  readonly flags: readonly string[];
  readonly targets?: string;
  /** All of its variables. */
  readonly environment: Readonly<Record<string, string>>;
}
