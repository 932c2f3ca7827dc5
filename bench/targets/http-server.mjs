// The HTTP server under the targets on Node: one address, a backlog that a storm of connections fits in.

import { createServer } from "node:http";
import { ready } from "./answers.mjs";

const BACKLOG = 4096;

/** An HTTP server that listens once the caller has attached what it wants. */
export function listenSoon() {
  const http = createServer();
  setImmediate(() => {
    http.listen({ port: 0, host: "127.0.0.1", backlog: BACKLOG }, () => {
      ready(/** @type {import("node:net").AddressInfo} */ (http.address()).port);
    });
  });
  return http;
}
