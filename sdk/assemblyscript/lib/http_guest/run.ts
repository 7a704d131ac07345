// Entry points: what a program's `run` calls.
import { KVStore } from "./kvstore";
import { Request } from "./request";
import { Response } from "./response";

/** Answers the incoming request with what the function returns. */
export function run_user(f: (request: Request) => Response): void {
  f(Request.incoming()).answer();
}

/** The same for a function that uses the key-value store. */
export function run_user_kvs(f: (store: KVStore, request: Request) => Response): void {
  f(new KVStore(), Request.incoming()).answer();
}
