// The browser's side: runs the program's own module and sends what it makes.

const encoder = new TextEncoder(),
  decoder = new TextDecoder();

/** Loads the module with the two hostcalls that its client part needs; the others are never called here. */
async function loadProgram() {
  const module = await WebAssembly.compileStreaming(fetch("/program.wasm"));
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module))
    (imports[from] ??= {})[name] = () => 0;
  let memory;
  imports.env.hostcall_rng_next_u64 = () => crypto.getRandomValues(new BigInt64Array(1))[0];
  imports.env.hostcall_panic_hook = (at, length) => {
    throw new Error(decoder.decode(new Uint8Array(memory.buffer, at, length)));
  };
  const { exports } = await WebAssembly.instantiate(module, imports);
  memory = exports.memory;
  return (call, ...fields) => {
    const input = encoder.encode(fields.join("\n"));
    new Uint8Array(memory.buffer, exports.client_input(input.length), input.length).set(input);
    const length = exports[call]();
    return decoder.decode(new Uint8Array(memory.buffer, exports.client_output(), length));
  };
}

const program = loadProgram();
const form = document.querySelector("form"),
  status = document.querySelector("#status");

async function post(path, body = "") {
  const answer = await fetch(path, { method: "POST", body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

const actions = {
  async register(name, password) {
    await post("/api/register", (await program)("client_register", name, password));
    return `${name} is registered`;
  },
  async login(name, password) {
    const [salt, nonce] = (await post("/api/challenge", name)).split("\n");
    await post("/api/login", (await program)("client_login", name, password, salt, nonce));
    return whoami();
  },
  async logout() {
    await post("/api/logout");
    return whoami();
  },
};

async function whoami() {
  const answer = await fetch("/api/me");
  form.logout.hidden = !answer.ok;
  return answer.ok ? `Logged in as ${await answer.text()}` : "Nobody is logged in";
}

async function act(name) {
  status.textContent = "…";
  try {
    status.textContent = await actions[name](form.elements.name.value, form.elements.password.value);
  } catch (error) {
    status.textContent = error.message;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  act(event.submitter?.name ?? "login");
});
form.logout.addEventListener("click", () => act("logout"));
status.textContent = await whoami();
