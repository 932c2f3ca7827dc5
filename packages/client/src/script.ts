// What a script tag loads: the global `io`, or `module.exports` where there is CommonJS, or an AMD module.

import { io } from "./index.ts";
import { offer } from "./script-global.ts";

offer(io);
