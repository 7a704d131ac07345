// The hello of bare `node:http` that bench/http.ts compares with. Prints its port.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const server = createServer((request, response) => {
  response.setHeader("content-type", "text/plain");
  response.end(`Hello from ${request.url}\n`);
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
