// Apps: list, show, switch between versions, delete.
import {
  type AppView,
  CHANGE_SETTINGS,
  DELETE_APP,
  LIST_APPS,
  LIST_SETTINGS,
  LIST_VERSIONS,
  PROMOTE_VERSION,
  ROLL_BACK,
  SHOW_APP,
} from "../../../api/index.ts";
import type { AppRecord } from "../../../store/types.ts";
import { urlsOf } from "../../deployments/urls.ts";
import { implement, type Operation } from "../operation.ts";
import type { Platform } from "../platform.ts";
import { viewOf } from "../views.ts";
import { knownForm } from "./deployment-params.ts";

/** As many settings as a version may have, each as long as it may be. */
const MAX_SETTINGS_BODY_BYTES = 512 * 1024;

/** Operations about apps. */
export function appOperations(platform: Platform): Operation[] {
  const { apps, appSettings } = platform;
  return [
    implement(LIST_APPS, async ({ answer }) =>
      answer(200, { apps: (await apps.list()).map((app) => viewApp(platform, app)) }),
    ),
    implement(SHOW_APP, async ({ params, answer }) =>
      answer(200, { app: viewApp(platform, await apps.get(params.app)) }),
    ),
    implement(LIST_VERSIONS, async ({ params, answer }) => {
      const versions = await apps.versions(params.app);
      return answer(200, {
        app: viewApp(platform, await apps.get(params.app)),
        versions: versions.map((record) => viewOf(platform, record)),
      });
    }),
    implement(PROMOTE_VERSION, async ({ params, body, answer }) =>
      answer(200, { app: viewApp(platform, await apps.promote(params.app, knownForm(body.id))) }),
    ),
    implement(ROLL_BACK, async ({ params, body, answer }) => {
      const id = body.id === undefined ? undefined : knownForm(body.id);
      return answer(200, { app: viewApp(platform, await apps.rollBack(params.app, id)) });
    }),
    implement(LIST_SETTINGS, async ({ params, answer }) =>
      answer(200, { settings: await appSettings.list(params.app) }),
    ),
    implement(
      CHANGE_SETTINGS,
      async ({ params, body, answer }) =>
        answer(200, { app: viewApp(platform, await appSettings.change(params.app, body)) }),
      MAX_SETTINGS_BODY_BYTES,
    ),
    implement(DELETE_APP, async ({ params }) => {
      await apps.remove(params.app);
      return new Response(null, { status: 204 });
    }),
  ];
}

/** A record in the API's form: no token, no source address. */
function viewApp({ config, ports, isoOf }: Platform, app: AppRecord): AppView {
  const { url, http, https } = urlsOf(config, ports, app.name);
  return {
    name: app.name,
    createdAt: isoOf(app.createdAtMs),
    url,
    urls: { http, https },
    currentId: app.currentId,
    previousId: app.previousId,
    lastVersion: app.lastVersion,
  };
}
