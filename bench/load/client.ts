// A load client as a process, so that it has a core of its own. Runs the load that each message describes and
// answers with its result. Started by bench/load/processes.ts.
import { type Load, runLoad } from "./load.ts";

process.on("message", (load: Load) => {
  runLoad(load).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on("disconnect", () => process.exit());
