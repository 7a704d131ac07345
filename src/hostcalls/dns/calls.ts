// DNS for guests: whole messages, and the addresses of a name. Counts the queries of each run.
import type { CallContext } from "../call-context.ts";
import type { Calls } from "../calls.ts";
import { giveBytes, giveList, giveNothing } from "../memory/allocator.ts";
import { readBytes, readText, viewBytes } from "../memory/guest-memory.ts";
import { limitReached } from "../call-errors.ts";
import { whenDone } from "../waiting.ts";
import { MAX_QUERY_BYTES } from "./query.ts";
import { addressesText, messageText, questionText } from "./format.ts";

/** Longer than any host name (253 characters), even spelled in UTF-8. */
const MAX_NAME_BYTES = 1024;

export const DNS_CALLS = {
  hostcall_dns_query_raw(run, answerOut, lengthOut, queryPtr, queryLen) {
    const view = viewBytes(run, queryPtr, queryLen, "the query");
    // One byte too many is enough for the resolver to refuse it.
    const query = readBytes(run, queryPtr, Math.min(view.length, MAX_QUERY_BYTES + 1), "the query");
    const answer = outcome(
      run,
      "DNS query",
      resolver(run).raw(query, run.signal),
      () => `${questionText(query)}: `,
    );
    const { trace } = run.state;
    return whenDone(run, answer, (bytes) => {
      if (bytes !== null) trace?.explain(messageText(bytes));
      if (bytes === null) giveNothing(run, answerOut, lengthOut);
      else giveBytes(run, answerOut, lengthOut, bytes);
      return bytes === null ? 0 : 1;
    });
  },
  hostcall_dns_query_ip(run, addressesOut, countOut, namePtr, nameLen, ipv6) {
    const name = readText(run, namePtr, nameLen, MAX_NAME_BYTES, "the name");
    const addresses = outcome(
      run,
      `DNS query for ${name.slice(0, 255)}`,
      resolver(run).addresses(name, ipv6 !== 0, run.signal),
    );
    const { trace } = run.state;
    return whenDone(run, addresses, (list) => {
      if (list !== null) trace?.explain(addressesText(list));
      giveList(run, addressesOut, countOut, list ?? []);
      return list === null || list.length === 0 ? 0 : 1;
    });
  },
} satisfies Calls<"dns">;

/** The resolver, after counting one more query. */
function resolver(run: CallContext) {
  const { services } = run.state;
  const allowed = services.limits.dnsQueries;
  run.state.dnsQueries += 1;
  if (run.state.dnsQueries > allowed)
    throw limitReached("DNS queries", run.state.dnsQueries, allowed, "dnsQueries");
  return services.resolver;
}

/**
 * The answer, or null with a log line that says why there is none. `about` names the query where the call's
 * own texts do not.
 */
function outcome<Value>(
  run: CallContext,
  what: string,
  answer: Promise<Value>,
  about: () => string = () => "",
): Promise<Value | null> {
  return answer.catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : "unknown";
    run.state.trace?.explain(about() + reason);
    if (!run.signal.aborted) run.state.log.platform(`${what} failed: ${reason}`);
    return null;
  });
}
