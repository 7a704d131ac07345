// What this server is: version, limits, languages, its authority.
import {
  RELOAD_SERVER,
  SHOW_AUTHORITY,
  SHOW_LANGUAGES,
  SHOW_LIMITS,
  SHOW_SERVER,
} from "../../../api/index.ts";
import { formatDuration } from "../../../config/duration.ts";
import { LIMITS } from "../../../config/index.ts";
import { TerrariumError } from "../../../errors/index.ts";
import { implement, type Operation } from "../operation.ts";
import type { Platform } from "../platform.ts";

/** Operations about the server itself. */
export function serverOperations(platform: Platform): Operation[] {
  return [
    server(platform),
    limits(platform),
    implement(RELOAD_SERVER, async ({ answer }) => {
      await platform.reload();
      return answer(202, { startedAt: platform.isoOf(platform.startedAtMs) });
    }),
    implement(SHOW_LANGUAGES, async ({ answer }) => answer(200, { languages: await platform.languages() })),
    implement(SHOW_AUTHORITY, () => {
      if (platform.caPem === null)
        throw new TerrariumError("TER_NO_SUCH_PAGE", { path: SHOW_AUTHORITY.path });
      return new Response(platform.caPem, { headers: { "content-type": "application/x-pem-file" } });
    }),
  ];
}

function server({ config, version, ports, edges, startedAtMs, isoOf }: Platform): Operation {
  const { domain } = config;
  return implement(SHOW_SERVER, ({ answer }) =>
    answer(200, {
      version,
      domain,
      public: config.public,
      tls: config.tls.kind,
      ports,
      startedAt: isoOf(startedAtMs),
      edges: !config.public ? edges().map((edge) => ({ ...edge, pid: edge.pid ?? null })) : [],
    }),
  );
}

function limits({ config }: Platform): Operation {
  const { limits, ttlMs, maxTtlMs } = config;
  return implement(SHOW_LIMITS, ({ answer }) => {
    const rows = Object.entries(LIMITS).map(([name, { default: usual, ceiling, unit, summary }]) => ({
      name,
      value: limits[name as keyof typeof LIMITS],
      default: usual,
      ceiling,
      unit,
      summary,
    }));
    return answer(200, { limits: rows, ttl: formatDuration(ttlMs), maxTtl: formatDuration(maxTtlMs) });
  });
}
