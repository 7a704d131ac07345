// Tells the other processes that this edge lives, and where its peers reach it.
import type { Member, Store } from "../../store/types.ts";

/** A member counts as gone after a few missed beats. */
const BEAT_EVERY_MS = 2000;

/** Beats until the returned function is called, which also takes the leave. */
export function startHeartbeat(store: Store, member: Omit<Member, "atMs">): () => Promise<void> {
  const beat = async () => {
    try {
      await store.liveness.beat({ ...member, atMs: Date.now() });
    } catch {
      // The store is away for now; the next beat may reach it.
    }
  };
  void beat();
  const timer = setInterval(() => void beat(), BEAT_EVERY_MS).unref();
  return async () => {
    clearInterval(timer);
    await store.liveness.leave(member.name);
  };
}
