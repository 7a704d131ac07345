import { Request, Response, run_user } from "./http_guest";

function answer(request: Request): Response {
  const response = new Response();
  response.set_header("content-type", ["text/plain"]);
  response.body_string = "Hello from " + request.url + "\n";
  console.log("answered " + request.method + " " + request.url);
  return response;
}

export function run(): void {
  run_user(answer);
}
