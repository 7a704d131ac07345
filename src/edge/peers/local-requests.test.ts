import { expect, test } from "vitest";
import { createLocalSite } from "./local-requests.ts";

const site = createLocalSite(
  { domain: "edge.example", maxCalls: 1 },
  () => [8080, 8443],
  () => undefined,
);

test.each([
  ["http://a-b-c-d.edge.example:8080/", true],
  ["https://a-b-c-d.edge.example:8443/", true],
  // Behind a proxy the platform stands on the ports of the schemes.
  ["http://a-b-c-d.edge.example/", true],
  ["https://edge.example/", true],
  ["http://a-b-c-d.edge.example:3000/", false],
  ["http://edge.example:3000/", false],
  ["http://other.example:8080/", false],
])("%s is the platform's own: %s", (url, own) => {
  expect(site.owns(new URL(url))).toBe(own);
});
