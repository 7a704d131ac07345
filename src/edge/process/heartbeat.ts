// Tells other processes that this edge is alive, and where its peers can reach it.
import type { Member, Store } from "../../store/types.ts";

/** A member counts as gone after a few missed beats. */
const BEAT_EVERY_MS = 2000;

/** Sends heartbeats until the returned function is called, which also signs off. */
export function startHeartbeat(
  store: Store,
  member: Omit<Member, "atMs">,
  now: () => number,
): () => Promise<void> {
  const beat = async () => {
    try {
      await store.liveness.beat({ ...member, atMs: now() });
    } catch {
      // The store is unavailable for now; the next heartbeat may reach it.
    }
  };
  void beat();
  const timer = setInterval(() => void beat(), BEAT_EVERY_MS).unref();
  return async () => {
    clearInterval(timer);
    await store.liveness.leave(member.name);
  };
}
