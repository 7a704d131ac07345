// An upstream on loopback. `/held` is answered when somebody asks for `/release`; everything else at once.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** The running origin. */
export interface Origin {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the origin. */
export async function startOrigin(): Promise<Origin> {
  const held: ServerResponse[] = [];
  const server = createServer((request, response) => void answer(request, response, held));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  held: ServerResponse[],
): Promise<void> {
  const body = await text(request);
  if (request.url === "/held") {
    held.push(response);
    return;
  }
  if (request.url === "/release") for (const waiting of held.splice(0)) waiting.end("held");
  response.writeHead(
    request.method === "POST" ? 201 : 200,
    [
      ["X-Reply", "one"],
      ["X-Reply", "two"],
    ].flat(),
  );
  response.end(
    request.method === "POST"
      ? `pong:${body}:${request.headers["x-test"] ?? ""}`
      : (request.url ?? "").slice(1),
  );
}
