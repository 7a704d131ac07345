// A program that sends requests to itself, each of which does the same: the edge lives on, others are served,
// and it ends.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ServerInfo } from "../../src/api/index.ts";
import { Platform, temporaryFolder } from "../e2e/platform.ts";
import { answering, writeProject } from "../e2e/programs.ts";

const MOST = 64;
/** Sends 32 requests to the host that it was asked for, and waits for all responses. */
const MULTIPLYING = {
  "src/main.c": `#include "http_hostcalls.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void run(void)
{
    hostcall_init_mm(malloc, free);
    struct string_slice *hosts;
    size_t count;
    hostcall_req_get_header(&hosts, &count, REQUEST_INCOMING, "host", 4);
    char url[300];
    snprintf(url, sizeof url, "http://%.*s/", (int)hosts[0].len, hosts[0].ptr);
    pending_request_t pending[32];
    for (int i = 0; i < 32; i++)
        pending[i] = hostcall_req_send_async(hostcall_req_create("GET", 3, url, strlen(url)));
    for (int i = 0; i < 32; i++)
        hostcall_pending_req_wait(pending[i]);
    hostcall_kvstore_append("runs", 4, "x", 1);
    hostcall_resp_set_body(RESPONSE_OUTGOING, "done", 4);
}
`,
};

const folder = temporaryFolder();
let platform: Platform;

beforeAll(async () => {
  const args = ["--edges", "1", "--limit", `localRequests=${MOST}`];
  platform = await Platform.start(join(folder.path, "data"), args);
});
afterAll(async () => {
  await platform.stop();
  folder[Symbol.dispose]();
});

test("ends after as many runs as one client's request may cause, beside others that are served", async () => {
  const { id } = await platform.deploy(writeProject(join(folder.path, "multiplying"), MULTIPLYING));
  const { id: neighbor } = await platform.deploy(writeProject(join(folder.path, "here"), answering("here")));
  const { edges } = await platform.api<ServerInfo>("/api/v1/server");
  const multiplied = platform.ask(id, "/");
  for (let round = 0; round < 20; round++) expect((await platform.ask(neighbor, "/")).text).toBe("here");
  expect((await multiplied).text).toBe("done");
  // The client's own run, and those that it has caused.
  const { text } = await platform.ask("", `/api/v1/deployments/${id}/kv/runs`);
  expect(text).toBe("x".repeat(MOST + 1));
  const { text: log } = await platform.ask("", `/api/v1/deployments/${id}/logs`);
  expect(log).toContain(`between deployments below one client's request; the limit is ${MOST}`);
  const after = await platform.api<ServerInfo>("/api/v1/server");
  expect(after.edges.map(({ pid }) => pid)).toEqual(edges.map(({ pid }) => pid));
});
