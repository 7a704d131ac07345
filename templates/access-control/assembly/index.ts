// Registration and login in which the server never sees the password.
import { KVStore, Request, Response, run_user_kvs } from "./http_guest";
import { challenge, login, logout, register, whoami } from "./accounts";

export { client_input, client_login, client_output, client_register } from "./client";

export function run(): void {
  run_user_kvs(route);
}

function route(store: KVStore, request: Request): Response {
  const call = request.method + " " + request.url;
  if (call == "POST /api/register") return register(store, request);
  if (call == "POST /api/challenge") return challenge(store, request);
  if (call == "POST /api/login") return login(store, request);
  if (call == "GET /api/me") return whoami(store, request);
  if (call == "POST /api/logout") return logout(store, request);
  const response = new Response();
  response.status = 404;
  response.body_string = "There is no such call\n";
  return response;
}
