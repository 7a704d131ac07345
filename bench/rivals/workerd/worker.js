// An instance of the module for each request, which is what Terrarium promises.
import hello from "hello.wasm";

// oxlint-disable-next-line import/no-default-export -- workerd looks for it
export default {
  fetch() {
    let body = null;
    const { exports } = new WebAssembly.Instance(hello, {
      env: {
        hostcall_resp_set_body(_response, start, length) {
          body = new Uint8Array(exports.memory.buffer, start, length).slice();
          return 0;
        },
      },
    });
    exports.run();
    return new Response(body);
  },
};
