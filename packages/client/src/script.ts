// What a script tag loads: the global `io`, or `module.exports` where there is CommonJS, or an AMD module. One file, with
// everything in it.

import { compactJsonCodec } from "@sockeye/protocol";
import { createBrowserIo } from "./browser-platform.ts";
import { browserReserve, withQueues } from "./fallback/browser-reserve.ts";
import { offer } from "./script-global.ts";

offer(createBrowserIo(compactJsonCodec, { reserve: browserReserve, withQueues }));
