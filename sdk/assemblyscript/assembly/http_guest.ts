// The platform places this file beside a project's assembly/index.ts. The library itself is ~lib/http_guest.
export * from "http_guest";
