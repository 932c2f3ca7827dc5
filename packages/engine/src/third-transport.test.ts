// A transport that the engine does not know, through all of the engine: the conformance cases, over pipes.

import {
  engineCases,
  MemoryContext,
  openPolling,
  PIPE,
  PipeTransport,
  pipeHost,
  runCase,
} from "@sockeye/testkit";
import { describe, expect, test } from "vitest";

/** Cases that speak of WebSockets by name, or of forms that only they and polling have. */
const OF_WEBSOCKETS: Readonly<Record<string, string>> = {
  EN1: "the names of upgrades",
  EN2: "the name of the transport",
  EN3: "the names of upgrades",
  EN33: "the names of transports in contexts of refusals",
  EN90: "the binary form of revision 3",
  EN93: "base64 over a WebSocket",
};

describe("conformance over pipes", () => {
  for (const each of engineCases.filter(({ id }) => !(id in OF_WEBSOCKETS))) {
    test(`EN106 and so: ${each.id} ${each.title}`, () => runCase(pipeHost, each));
  }
});

test("EN106 a kind that the host brings is offered as an upgrade; what was asked for as another kind is ended", async () => {
  const context = new MemoryContext({}, {}, { transports: [PIPE] });
  const { body } = await context.ask("GET", "EIO=4&transport=polling").answer;
  expect(JSON.parse(String(body).slice(1))).toMatchObject({ upgrades: ["websocket", "pipe"] });
  const ticket = await context.admit("EIO=4&transport=websocket");
  if (ticket.kind === "refusal") throw new Error(ticket.message);
  const pipe = new PipeTransport();
  context.engine.adopt(ticket, pipe);
  expect([await pipe.closed, context.engine.connections.size]).toEqual([1005, 1]);
});

test("EN106 without the row a pipe is an unknown transport", async () => {
  const context = new MemoryContext();
  await openPolling(context);
  expect(await context.admit("EIO=4&transport=pipe")).toMatchObject({ code: 0 });
});
