// Loads what sandboxed processes load, and ends: Node then keeps the compiled code, which they may read and
// not write. Run once by each supervisor. It sees nothing of a tenant's.
import "../../edge/process/supervised-edge.ts";
import "../../wasm/index.ts";

process.exit();
