// Defences of the studio and of tenants' pages beside it, each proven in a real Chromium.
import type { Defence } from "./types.ts";

const APP = "src/control/api/app.ts";
const STORE = "src/control/api/routes/key-value.ts";
const PREVIEW = "studio/src/preview/preview-pane.tsx";
const ISOLATION = "tests/studio/isolation.test.ts";
const COOKIES = "tests/studio/isolation-cookies.test.ts";
const IN_PREVIEW = "tests/studio/isolation-preview.test.ts";
const WORKERS = "tests/studio/isolation-workers.test.ts";
const POLICY = "tests/studio/policy.test.ts";
const SLOW_MS = 30_000;

const BETWEEN_ORIGINS: readonly Omit<Defence, "testTimeoutMs">[] = [
  {
    name: "Pages of tenants cannot use the API without reading its answers",
    file: APP,
    test: ISOLATION,
    present: "      refuseCrossSite(context.req.raw.headers);\n",
    removed: "",
  },
  {
    name: "No answer of the bare domain is readable by other origins",
    file: APP,
    test: ISOLATION,
    present: `  "referrer-policy": "no-referrer",\n`,
    removed: `  "referrer-policy": "no-referrer",\n  "access-control-allow-origin": "*",\n`,
  },
  {
    name: "No asset of a tenant is readable by other origins",
    file: "src/edge/assets/serve.ts",
    test: ISOLATION,
    present: `"no-cache", "x-content-type-options", "nosniff");`,
    removed: `"no-cache", "access-control-allow-origin", "*");`,
  },
  {
    name: "Nothing of the bare domain is embedded by other origins",
    file: APP,
    test: ISOLATION,
    present: `  "cross-origin-resource-policy": "same-origin",\n`,
    removed: "",
  },
  {
    name: "Nobody frames the studio",
    file: APP,
    test: ISOLATION,
    present: `    "frame-ancestors 'none'",\n`,
    removed: "",
  },
  {
    name: "Whoever opens the studio has no hand on it",
    file: APP,
    test: ISOLATION,
    present: `  "cross-origin-opener-policy": "same-origin",\n`,
    removed: "",
  },
  {
    name: "Cookies of a tenant reach no sibling",
    file: "src/edge/response/headers.ts",
    test: COOKIES,
    present: `lower === "set-cookie" ? confineCookie(value, hostOf(authority) ?? "") : value`,
    removed: `lower === hostOf("") ? confineCookie(value, authority) : value`,
  },
];

const AROUND_THE_PREVIEW: typeof BETWEEN_ORIGINS = [
  {
    name: "The preview is sandboxed",
    file: PREVIEW,
    test: IN_PREVIEW,
    present: "          sandbox={SANDBOX}\n",
    removed: "",
  },
  {
    name: "The sandbox keeps the preview from leading the studio away",
    file: PREVIEW,
    test: IN_PREVIEW,
    present: ` allow-downloads"`,
    removed: ` allow-downloads allow-top-navigation-by-user-activation"`,
  },
  {
    name: "The preview shows deployments only",
    file: APP,
    test: IN_PREVIEW,
    present: "`frame-src ${deployments}`",
    removed: "`frame-src *`",
  },
];

const IN_THE_PAGE: typeof BETWEEN_ORIGINS = [
  {
    name: "The studio runs no script in its page",
    file: APP,
    test: POLICY,
    present: `"default-src 'self'"`,
    removed: `"default-src 'self' 'unsafe-inline'"`,
  },
  {
    name: "The studio runs no text as code",
    file: APP,
    test: POLICY,
    present: `"default-src 'self'"`,
    removed: `"default-src 'self' 'unsafe-eval'"`,
  },
  {
    name: "The studio runs no workers",
    file: APP,
    test: POLICY,
    present: `"worker-src 'none'"`,
    removed: `"worker-src 'self' blob:"`,
  },
  {
    name: "The studio runs no script of others",
    file: APP,
    test: POLICY,
    present: `"default-src 'self'"`,
    removed: "`default-src 'self' ${deployments}`",
  },
  {
    name: "The studio fetches from deployments only",
    file: APP,
    test: POLICY,
    present: "`connect-src 'self' ${deployments}`",
    removed: "`connect-src *`",
  },
  {
    name: "The studio loads no pictures of others",
    file: APP,
    test: POLICY,
    present: `"img-src 'self' data: blob:"`,
    removed: `"img-src *"`,
  },
  {
    name: "Forms of the studio lead nowhere else",
    file: APP,
    test: POLICY,
    present: `    "form-action 'self'",\n`,
    removed: "",
  },
  {
    name: "The studio takes no other base",
    file: APP,
    test: POLICY,
    present: `    "base-uri 'none'",\n`,
    removed: "",
  },
  {
    name: "The studio holds no plug-ins",
    file: APP,
    test: POLICY,
    present: `    "object-src 'none'",\n`,
    removed: "",
  },
  {
    name: "What a tenant stored is no script to the studio",
    file: APP,
    test: POLICY,
    present: `  "x-content-type-options": "nosniff",\n`,
    removed: "",
  },
  {
    name: "What a tenant stored is no page of the studio's origin",
    file: STORE,
    test: POLICY,
    present: `"content-type": "application/octet-stream", "content-disposition": "attachment"`,
    removed: `"content-type": "text/html"`,
  },
  {
    name: "What a tenant stored is no worker of the studio's origin",
    file: STORE,
    test: WORKERS,
    present: `"content-type": "application/octet-stream", "content-disposition": "attachment"`,
    removed: `"content-type": "text/javascript"`,
  },
];

/** All defences of the studio. A platform and a browser start for each test file. */
export const STUDIO_DEFENCES: readonly Defence[] = [
  ...BETWEEN_ORIGINS,
  ...AROUND_THE_PREVIEW,
  ...IN_THE_PAGE,
].map((defence) => ({ ...defence, testTimeoutMs: SLOW_MS }));
