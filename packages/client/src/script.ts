// What a script tag loads: the global `io`, or `module.exports` where there is CommonJS, or an AMD module.

import { io } from "./index.ts";

declare const module: { exports: unknown } | undefined;
declare const define:
  | { (dependencies: [], factory: () => unknown): void; amd?: unknown }
  | undefined;

if (typeof module === "object" && typeof module.exports === "object") module.exports = io;
else if (typeof define === "function" && define.amd) define([], () => io);
else Object.assign(globalThis, { io });
