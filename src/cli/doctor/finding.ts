// What a check of `terrarium doctor` finds.

/** One finding. `warning`: works, but worse; `failure`: does not work. */
export interface Finding {
  readonly name: string;
  readonly state: "ok" | "warning" | "failure";
  readonly text: string;
  /** The command that fixes it, if there is one. */
  readonly fix: string | null;
}

/** A finding that needs no action. */
export function ok(name: string, text: string): Finding {
  return { name, state: "ok", text, fix: null };
}
