#!/bin/sh
# Builds what bench/rivals.ts compares with, once, into ~/.cache/terrarium/rivals (or $1): wasmtime and
# Viceroy by cargo (some ten minutes each on two cores), workerd from npm, and their programs. Needs cargo,
# and the target wasm32-wasip2 for the wasi:http component: `rustup target add wasm32-wasip2` where rustup is
# at hand. What cannot be had is left out; the benchmark says so.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
cache=${1:-$HOME/.cache/terrarium/rivals}
mkdir -p "$cache/bin" "$cache/programs/workerd"

missing() { echo "left out: $1" >&2; }

command -v cargo >/dev/null || { missing "wasmtime, Viceroy and the component (no cargo)"; exit 1; }
# Versions that rustc 1.95 builds.
for crate in wasmtime-cli@48.0.8:wasmtime viceroy@0.22.0:viceroy; do
  program="${crate#*:}"
  [ -x "$cache/bin/$program" ] || cargo install --locked --root "$cache" "${crate%:*}" || missing "$program"
done

if command -v rustup >/dev/null; then rustup target add wasm32-wasip2 || true; fi
if cargo build --release --target wasm32-wasip2 --target-dir "$cache/target" \
  --manifest-path "$here/bench/rivals/wasi-http/Cargo.toml"; then
  cp "$cache/target/wasm32-wasip2/release/hello.wasm" "$cache/programs/wasi-http.wasm"
else
  missing "the wasi:http component (target wasm32-wasip2, or the crate wasi)"
fi

npm install --no-save --no-audit --no-fund --prefix "$cache" workerd@1.20261117.1 || missing workerd
