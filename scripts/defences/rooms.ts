// All defences by the room that holds them, and how one is taken out of its source.
import { BUILDER_DEFENCES } from "./builder.ts";
import { CONTROL_DEFENCES } from "./control.ts";
import { EDGE_DEFENCES } from "./edge.ts";
import { ENGINE_DEFENCES } from "./engine.ts";
import { HOSTCALL_DEFENCES } from "./hostcalls.ts";
import { SANDBOX_DEFENCES } from "./sandbox.ts";
import { REDIS_DEFENCES } from "./redis.ts";
import { STORE_DEFENCES } from "./store.ts";
import { STUDIO_DEFENCES } from "./studio.ts";
import type { Defence } from "./types.ts";

/** The defences of each room. */
export const ROOMS: Readonly<Record<string, readonly Defence[]>> = {
  builder: BUILDER_DEFENCES,
  control: CONTROL_DEFENCES,
  edge: EDGE_DEFENCES,
  engine: ENGINE_DEFENCES,
  hostcalls: HOSTCALL_DEFENCES,
  sandbox: SANDBOX_DEFENCES,
  store: STORE_DEFENCES,
  redis: REDIS_DEFENCES,
  studio: STUDIO_DEFENCES,
};

/** The source without its defence; null if the defence's text is not in it exactly once. */
export function withoutDefence(source: string, defence: Defence): string | null {
  const found = [...source.matchAll(pattern(defence.present))];
  const [match] = found;
  if (match === undefined || found.length > 1) return null;
  return source.slice(0, match.index) + defence.removed + source.slice(match.index + match[0].length);
}

/**
 * Matches the text token by token, so that a formatter may break its lines anywhere: white space is free, and
 * a list may have gained a trailing comma.
 */
function pattern(text: string): RegExp {
  const tokens = text.match(/[\w$#]+|[^\s\w$#]/g) ?? [];
  const escaped = tokens.map((token, index) => {
    const closes = index > 0 && /[)\]}]/.test(token);
    return (closes ? ",?\\s*" : "") + token.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(escaped.join("\\s*"), "g");
}
