// What must be true of every connection, whatever came over it: the far ends saw nothing that the edge did
// not understand, and saw it as the edge did.
import type { InnerWorld, Understood } from "./inner-world.ts";

/** A request that arrived counts as not understood when the edge has not finished it by then. */
const DEADLINE_MS = 5_000;

/**
 * Sends bytes over a connection of their own. Throws if something arrived that the edge did not take from a
 * client.
 */
export async function checkConnection(world: InnerWorld, bytes: Buffer): Promise<void> {
  await world.send(bytes);
  const deadline = performance.now() + DEADLINE_MS;
  while (!matchAll(world)) {
    if (performance.now() > deadline)
      throw new Error(
        `${JSON.stringify(world.arrived)} arrived; the edge understood ${JSON.stringify(world.understood)}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Takes off what is on both sides. An edge may give a request up that arrives all the same, later. */
function matchAll({ arrived, understood }: InnerWorld): boolean {
  for (let index = arrived.length - 1; index >= 0; index--) {
    const match = understood.findIndex((one) => isSame(one, arrived[index]!));
    if (match === -1) continue;
    // Each may arrive once.
    understood.splice(match, 1);
    arrived.splice(index, 1);
  }
  return arrived.length === 0;
}

function isSame(understood: Understood, arrived: Understood): boolean {
  const { bodyBytes } = understood;
  return (
    understood.method === arrived.method &&
    understood.target === arrived.target &&
    understood.authority === arrived.authority &&
    understood.client === arrived.client &&
    understood.plain === arrived.plain &&
    // The API reads no body of GET and HEAD.
    (bodyBytes === null || bodyBytes === arrived.bodyBytes || /^(GET|HEAD)$/.test(arrived.method))
  );
}
