// A project as the studio keeps it.

/** A file's content: text, or bytes where it is not UTF-8. */
export type Content = string | Uint8Array<ArrayBuffer>;

/** Files by clean relative path, in no order. */
export type Files = ReadonlyMap<string, Content>;

/**
 * A value that a program needs and its source does not hold: at each deploy it takes the place of `default`
 * in `file`.
 */
export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly default: string;
  readonly file: string;
  readonly secret: boolean;
  /** As it was entered; empty: the default stays. */
  readonly value: string;
}

/** What the Request panel sends. */
export interface SavedRequest {
  readonly method: string;
  readonly path: string;
  /** One header a line, `name: value`. */
  readonly headers: string;
  readonly body: string;
}

/** The deployment that a project was last deployed as. */
export interface Live {
  readonly id: string;
  readonly token: string;
  readonly url: string;
  /** By this browser's clock; null: never. */
  readonly expiresAtMs: number | null;
  readonly deployedAtMs: number;
  /** The project's revision that was deployed. */
  readonly revision: number;
}

/** A project. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly files: Files;
  readonly variables: readonly Variable[];
  readonly request: SavedRequest;
  readonly openPaths: readonly string[];
  readonly activePath: string | null;
  readonly live: Live | null;
  /** Grows with each change of what would be deployed. */
  readonly revision: number;
  readonly changedAtMs: number;
}

/** A request that asks for the start page. */
export const PLAIN_REQUEST: SavedRequest = { method: "GET", path: "/", headers: "", body: "" };
