// What this host gives to every layer: Node's services, frames that uWebSockets.js copies, responses, and one end of a turn for all
// that is written.

import { STATUS_CODES, validateHeaderName, validateHeaderValue } from "node:http";
import type { ServerPlatform } from "@sockeye/core";
import { compressBytes, exits, nodeBytes, nodePlatform, services } from "@sockeye/node/kit";
import { LineWriter, type TransientRuntime, turnServices, WholeFrame } from "@sockeye/server";
import type { UwsResponse } from "./uws.ts";

// The end of a turn, of all servers.
const turns = turnServices(services);

/** Writes responses. */
export const writer: LineWriter<UwsResponse> = new LineWriter({
  phrases: STATUS_CODES,
  check(name, value) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  },
  byteLength: nodeBytes.byteLength,
  surface: services.surface,
});

/** uWebSockets.js, for all engines. */
export const runtime: TransientRuntime<UwsResponse, Buffer> = {
  ...{ bytes: nodeBytes, compress: compressBytes, exits },
  // Twice: the first is a view.
  copy: (chunk) => Buffer.from(Buffer.from(chunk)),
  ...{ writeReply: writer.writeReply, batch: turns.batch, surface: services.surface },
};

/** The services of this host. A frame for many receivers is passed on as bytes, the quickest form. */
export const uwsPlatform: ServerPlatform = {
  ...nodePlatform,
  ...turns,
  framer: { prepare: (frame) => new WholeFrame(frame, nodeBytes.encode) },
};
