// What a script tag loads where the server speaks MessagePack: the same, with that wire form in place of JSON.

import { createBrowserIo } from "./browser-platform.ts";
import { browserReserve, withQueues } from "./fallback/browser-reserve.ts";
import { msgpackCodec } from "./msgpack.ts";
import { offer } from "./script-global.ts";

offer(createBrowserIo(msgpackCodec(), { reserve: browserReserve, withQueues }));
