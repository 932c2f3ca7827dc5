// How a classic script hands out what it makes, depending on who has loaded it.

declare const module: { exports: unknown } | undefined;
declare const define:
  | { (dependencies: [], factory: () => unknown): void; amd?: unknown }
  | undefined;

/** As `module.exports`, as an AMD module, or as the global `io`. */
export function offer(io: unknown): void {
  if (typeof module === "object" && typeof module.exports === "object") module.exports = io;
  else if (typeof define === "function" && define.amd) define([], () => io);
  else Object.assign(globalThis, { io });
}
