// Moments as the command prints them: in UTC, marked, with the date when it is not today.

/** `14:03:22Z`, or `2026-05-01 14:03:22Z` if that is another day than `nowMs`. */
export function clockText(atMs: number, nowMs: number = Date.now(), withMs = false): string {
  const iso = new Date(atMs).toISOString();
  const isToday = iso.slice(0, 10) === new Date(nowMs).toISOString().slice(0, 10);
  const time = `${iso.slice(11, withMs ? 23 : 19)}Z`;
  return isToday ? time : `${iso.slice(0, 10)} ${time}`;
}
