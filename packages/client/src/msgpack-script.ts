// What a script tag loads where the server speaks MessagePack: the same, with that wire form in place of JSON.

import { msgpackCodec } from "@sockeye/protocol";
import { createBrowserIo } from "./browser-platform.ts";
import { offer } from "./script-global.ts";

offer(createBrowserIo(msgpackCodec()));
