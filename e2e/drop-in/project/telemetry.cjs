// @opentelemetry/instrumentation-socket.io: patches the classes as `require` brings them in, and makes
// a span of each event that is sent or received.

const { spans } = require("./spans.cjs");
const { createServer } = require("node:http");
const { Server } = require("socket.io");

async function main() {
  const { checkSpans } = await import("./traced.mjs");
  await checkSpans(createServer(), { Server, spans });
}

void main();
