// The live address, the time left, five minutes more; one click to deploy again once it has expired.
import { buildAndDeploy, building } from "../deploy/build.ts";
import { expired, expiryNotice, extend, formatLeft, leftMs, live } from "../deploy/lifetime.ts";
import { CopyButton } from "../parts/copy-button.tsx";

const URGENT_MS = 60_000;

export function LiveAddress() {
  const current = live.value;
  const left = leftMs.value;
  if (current === null || left === null) return <div class="live-address" />;
  if (expired.value) {
    return (
      <div class="live-address">
        <span class="live-url gone">{hostOf(current.url)}</span>
        <span class="time-left urgent">expired</span>
        <button
          type="button"
          class="button small"
          disabled={building.value}
          onClick={() => void buildAndDeploy()}
        >
          Deploy again
        </button>
        <Spoken />
      </div>
    );
  }
  return (
    <div class="live-address">
      <span class="live-dot" aria-hidden="true" />
      <a class="live-url" href={current.url} target="_blank" rel="noopener noreferrer" title={current.url}>
        {hostOf(current.url)}
      </a>
      <CopyButton text={() => current.url} label="Copy the live URL" done="URL copied" />
      <span
        class={`time-left ${left < URGENT_MS ? "urgent" : ""}`}
        title="Time left until this deployment expires"
        role="timer"
        aria-label={`Time left: ${formatLeft(left)}`}
      >
        {formatLeft(left)}
      </span>
      {left !== Number.POSITIVE_INFINITY && (
        <button type="button" class="button small" title="Extend by 5 minutes" onClick={() => void extend()}>
          +5 min
        </button>
      )}
      <Spoken />
    </div>
  );
}

function Spoken() {
  return (
    <p class="visually-hidden" role="status" aria-live="polite">
      {expiryNotice.value}
    </p>
  );
}

function hostOf(url: string): string {
  return url.replace(/^https?:\/\//, "").replace(/\/$/, "");
}
