// C programs that need more stack than they are linked with: it goes on in memory that grows for it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { World } from "../hostcalls/world.ts";
import { projectOf } from "./languages.ts";

let world: World;

beforeAll(async () => {
  world = await World.open();
});

afterAll(() => world.close());

const HEAD = `#include "http_hostcalls.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static void say(long number)
{
    char text[32];
    snprintf(text, sizeof text, "%ld", number);
    hostcall_resp_set_body(RESPONSE_OUTGOING, text, strlen(text));
}
`;

let count = 0;

async function ask(
  source: string,
  flags: readonly string[] = [],
): Promise<{ said: string; fault: string | null }> {
  const files = projectOf({ "src/main.c": HEAD + source });
  const guest = await world.program(`c-deep-stack-${count++}`, files, 1024, flags);
  const [first, second] = [await guest.ask("/"), await guest.ask("/")];
  expect(second).toEqual(first);
  return first;
}

const SUM =
  "static long sum(volatile char *b, long n)\n{ long s = 0; " +
  "for (long i = 0; i < n; i++) s += b[i]; return s; }\n";

describe.each([[[]], [["-O0"]]])("with the flags %j", (flags) => {
  test("a buffer of 256 KiB works, before and after memory came from malloc", async () => {
    const source = `${SUM}
static long fill(void) { char b[262144]; memset(b, 1, sizeof b); return sum(b, sizeof b); }
void run(void)
{
    long first = fill();
    char *kept = malloc(300000);
    memset(kept, 3, 300000);
    long second = fill();
    say(first + second + sum(kept, 300000));
}`;
    expect(await ask(source, flags)).toMatchObject({ fault: null, said: String(2 * 262144 + 900000) });
  });

  test("a recursion through 800 KB of frames works, and so does the next one", async () => {
    const source = `
static long deep(long n)
{ volatile char b[400]; b[n % 400] = 1; return n == 0 ? 0 : deep(n - 1) + b[n % 400]; }
void run(void) { say(deep(1800) * 10000 + deep(1700)); }`;
    expect(await ask(source, flags)).toMatchObject({ fault: null, said: "18001700" });
  });

  test("an array whose length is only known at run time may be as large", async () => {
    const source = `${SUM}
static long fill(long n) { char b[n]; memset(b, 1, n); return sum(b, n); }
void run(void) { say(fill(1000) + fill(500000) + fill(10)); }`;
    expect(await ask(source, flags)).toMatchObject({ fault: null, said: "501010" });
  });

  test("a recursion without end is told of its stack", async () => {
    const source = `
static long deep(long n) { volatile char b[4000]; b[n % 4000] = 1; return deep(n + 1) + b[n % 4000]; }
void run(void) { say(deep(0)); }`;
    const { fault } = await ask(source, flags);
    expect(fault).toContain("stack overflow: arrays and other values whose address is taken have 1 MiB");
    expect(fault).not.toContain("unreachable");
  });

  test("a frame larger than the whole stack is told of it too", async () => {
    const source = `
__attribute__((noinline)) static void touch(volatile char *b) { b[5] = 1; }
void run(void) { char b[3000000]; touch(b); say(b[5]); }`;
    expect((await ask(source, flags)).fault).toContain("stack overflow");
  });
});

test("a memory limit that leaves no room for the stack is named", async () => {
  const files = projectOf({
    "src/main.c": `${HEAD}__attribute__((noinline)) static void touch(volatile char *b) { b[5] = 1; }
void run(void) { char b[200000]; touch(b); say(b[5]); }`,
  });
  const { fault } = await (await world.program("c-deep-stack-limit", files, 10)).ask("/");
  expect(fault).toContain("its memory limit was reached");
});

test("longjmp out of deep frames goes back to the first stack", async () => {
  const source = `
#include <setjmp.h>
static jmp_buf target;
static void deep(long n)
{ volatile char b[5000]; b[n] = 1; if (n == 0) longjmp(target, 1); deep(n - 1); b[n] = 2; }
void run(void)
{
    volatile char local[64] = "kept";
    volatile long times = 0;
    for (int i = 0; i < 3; i++)
        if (setjmp(target) == 0) deep(150); else times++;
    say(times * 10 + (strcmp((char *) local, "kept") == 0));
}`;
  expect(await ask(source)).toMatchObject({ fault: null, said: "31" });
});

test("a program that takes the rest of memory for itself has its whole stack at once", async () => {
  const source = `${SUM}
extern unsigned char __heap_base;
static long fill(void) { char b[262144]; memset(b, 1, sizeof b); return sum(b, sizeof b); }
void run(void)
{
    unsigned char *own = &__heap_base;
    own[0] = 7;
    say(fill() + own[0]);
}`;
  expect(await ask(source)).toMatchObject({ fault: null, said: "262151" });
});
