// C as people write it: several files, their own libc functions, headers of the network, setjmp, flags.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Build, type Builder, createBuilder } from "../../src/builder/index.ts";
import { DEFAULT_LIMITS } from "../../src/config/index.ts";
import { projectOf, type Sources } from "./languages.ts";
import { runModule } from "./run-module.ts";

let dataDir: string;
let builder: Builder;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "terrarium-c-"));
  builder = createBuilder({ dataDir, limits: DEFAULT_LIMITS });
});

afterAll(async () => {
  await builder.close();
  await rm(dataDir, { recursive: true, force: true });
});

const build = (sources: Sources, flags: readonly string[] = []): Promise<Build> =>
  builder.build(projectOf(sources), { hint: "c", flags });
const printed = async (sources: Sources, flags: readonly string[] = []): Promise<string> =>
  runModule((await build(sources, flags)).wasm).printed;
const program = (body: string, before = ""): Sources => ({
  "src/main.c": `#include <stdio.h>\n${before}\nvoid run(void) { ${body} }\n`,
});

test("what a program prints is out without a flush or a line end", async () => {
  expect(await printed(program('printf("no line end");'))).toBe("no line end");
});

test("run is exported with and without a visibility attribute", async () => {
  for (const attribute of [
    "",
    '__attribute__((visibility("hidden")))',
    '__attribute__((visibility("default")))',
    '__attribute__((export_name("run")))',
  ]) {
    const { wasm } = await build({ "src/main.c": `${attribute} void run(void) {}\n` });
    expect(WebAssembly.Module.exports(new WebAssembly.Module(wasm)).map(({ name }) => name)).toContain("run");
  }
});

test("a program's own definitions of libc functions win", async () => {
  const before = `
    #include <arpa/inet.h>
    #include <string.h>
    #include <stdlib.h>
    char *strdup(const char *text) { (void)text; return "mine"; }
    int inet_pton(int family, const char *restrict text, void *restrict out)
    { (void)family; (void)text; (void)out; return 42; }
    unsigned ns_get16(const unsigned char *from) { return from[0] + 1000u; }
  `;
  expect(
    await printed(
      program(
        'printf("%s %d %u", strdup("x"), inet_pton(AF_INET, "", 0), ns_get16((const unsigned char *)"\\1"));',
        before,
      ),
    ),
  ).toBe("mine 42 1001");
});

test("headers of the network and of DNS are there, with what their macros call", async () => {
  const before =
    "#include <arpa/inet.h>\n#include <arpa/nameser.h>\n#include " +
    "<netinet/in.h>\n#include <sys/socket.h>\n#include <time.h>\n#include <stdlib.h>";
  const body =
    "unsigned char b[4], *p = b; unsigned v; NS_PUT16(0x1234, p); p = b; NS_GET16(v, p); struct " +
    'sockaddr_in a; a.sin_port = htons(80); printf("%x %d %d", v, a.sin_port, T_AAAA); free(malloc(9));';
  expect(await printed(program(body, before))).toBe("1234 20480 28");
});

test("long doubles are printed and read", async () => {
  const body = 'long double x = 1.0L / 3, y; sscanf("0.125", "%Lf", &y); printf("%.25Lf %Lg", x, y);';
  expect(await printed(program(body, "#include <stdio.h>\n"))).toBe("0.3333333333333333333333333 0.125");
});

test("the macro for slices of literals makes initializers", async () => {
  const before =
    '#include "http_hostcalls.h"\n#include <stdio.h>\n' +
    'static const struct string_slice table[] = { STRING_SLICE("one"), STRING_SLICE("") };\n';
  const body =
    'struct string_slice s = STRING_SLICE("three"); printf("%zu %zu %s", s.len, table[1].len, table[0].ptr);';
  expect(await printed(program(body, before))).toBe("5 0 one");
});

test("setjmp and longjmp work", async () => {
  const before =
    "#include <setjmp.h>\nstatic jmp_buf target; static volatile int times; " +
    "static void deep(int n) { if (n == 0) longjmp(target, 7); deep(n - 1); }";
  expect(
    await printed(
      program(
        'int r = setjmp(target); times++; if (r == 0) deep(3); printf("%d after %d", r, times);',
        before,
      ),
    ),
  ).toBe("7 after 2");
});

test("C of 2019, which declares less, still builds and says what it lacks", async () => {
  const { diagnostics, wasm } = await build({ "src/main.c": 'run() { char *p = puts("old"); }\n' });
  expect(runModule(wasm).printed).toBe("old\n");
  expect(diagnostics.map(({ severity }) => severity)).not.toContain("error");
  expect(diagnostics.length).toBeGreaterThan(0);
});

test("all files below src belong to the program, with headers of src, include and the root", async () => {
  const sources = {
    "src/main.c":
      '#include <stdio.h>\n#include "deep/one.h"\n#include <two.h>\n#include ' +
      '"three.h"\nvoid run(void) { printf("%d", one() + TWO + THREE); }\n',
    "src/deep/one.h": "int one(void);\n",
    "src/deep/one.c": '#include "one.h"\nint one(void) { return 1; }\n',
    "include/two.h": "#define TWO 20\n",
    "three.h": "#define THREE 300\n",
  };
  expect(await printed(sources)).toBe("321");
  expect(await printed({ ...sources, "include/two.h": "#define TWO 50\n" }), "a header that changed").toBe(
    "351",
  );
  expect(await printed({ ...sources, "src/two.h": "#define TWO 70\n" }), "a header that hides another").toBe(
    "371",
  );
});

test("a folder named usr is not clang's", async () => {
  expect(await printed({ ...program('puts("ok");'), "usr/include/stdio.h": "#error not this one\n" })).toBe(
    "ok\n",
  );
});

test("flags of the deploy reach compiler and linker", async () => {
  const sources = program('printf("%d %d", VALUE, __STDC_VERSION__ == 199901L);');
  expect(await printed(sources, ["-DVALUE=5", "-std=c99"])).toBe("5 1");
  expect(
    await printed({ ...program('printf("%d", VALUE);'), "terrarium.toml": 'flags = ["-DVALUE=6"]\n' }),
  ).toBe("6");
  await expect(build(sources, ["-fplugin=x.so"])).rejects.toMatchObject({ code: "TER_BUILD_FLAG_REFUSED" });
});

test("a stack overflow traps and overwrites nothing", async () => {
  const before =
    "static int guard = 1; __attribute__((noinline)) int deep(volatile char *above) { volatile " +
    "char frame[1000]; frame[0] = above ? above[0] : 1; return deep(frame) + frame[0]; }";
  const { trap, printed } = runModule((await build(program('printf("%d", deep(0) + guard);', before))).wasm);
  expect(trap).toMatch(/out of bounds/);
  expect(printed).toBe("");
});

test("a trap's offsets lead to its lines, through inlined functions", async () => {
  const sources = {
    "src/main.c":
      "volatile int zero;\nstatic inline int divide(int a, int b) {\n  return " +
      "a / b;\n}\n__attribute__((noinline)) int work(int x) {\n  return " +
      "divide(x, zero) + 1;\n}\nvoid run(void) {\n  zero = work(3);\n}\n",
  };
  const { wasm } = await build(sources);
  const { trap, offsets } = runModule(wasm);
  expect(trap).toBe("divide by zero");
  expect(await builder.symbolize(wasm, offsets)).toEqual([
    [
      { functionName: "divide", file: "src/main.c", line: 3, column: 12 },
      { functionName: null, file: "src/main.c", line: 6, column: 10 },
    ],
    [{ functionName: null, file: "src/main.c", line: 9, column: 10 }],
  ]);
});

test("offsets of AssemblyScript lead to lines too, and those of a bare module nowhere", async () => {
  const { wasm } = await builder.build(
    projectOf({
      "assembly/index.ts": "let zero: i32 = 0;\nexport function run(): void {\n  zero = 1 / zero;\n}\n",
    }),
    { hint: null, flags: [] },
  );
  const { trap, offsets } = runModule(wasm);
  expect(trap).toBe("divide by zero");
  expect(await builder.symbolize(wasm, offsets)).toEqual([
    [{ functionName: null, file: "assembly/index.ts", line: 3, column: 10 }],
  ]);
  const bare = await builder.build(
    projectOf({ "src/main.wat": '(module (func (export "run") unreachable))' }),
    { hint: null, flags: [] },
  );
  expect(await builder.symbolize(bare.wasm, runModule(bare.wasm).offsets)).toEqual([[]]);
});
