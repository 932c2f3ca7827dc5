// As `telemetry.cjs`, with `import` instead of `require`.

import { createServer } from "node:http";
import { register } from "node:module";

register("@opentelemetry/instrumentation/hook.mjs", import.meta.url);
const { spans } = (await import("./spans.cjs")).default;
const { Server } = await import("socket.io");
const { checkSpans } = await import("./traced.mjs");
await checkSpans(createServer(), { Server, spans });
