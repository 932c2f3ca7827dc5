// Which transports a session may use, from the options and what the platform has.

import type { EngineOptions } from "../options.ts";
import type { Platform } from "../platform.ts";
import type { TransportClass } from "../transports/transport.ts";

/** Whether a transport class goes by this name. */
export function isNamed(name: string): (Class: TransportClass) => boolean {
  return (Class) => Class.prototype.name === name;
}

/**
 * The transports to use, best first. Names that the platform does not know are passed over.
 * @throws Error when both ways of naming transports are used
 */
export function chooseTransports(options: EngineOptions, platform: Platform): TransportClass[] {
  const { transports, transportImplementations } = options;
  if (transports && transportImplementations) {
    throw new Error(
      "specifying both 'transportImplementations' and 'transports' options is not supported",
    );
  }
  const known = platform.transports;
  // A single one need not stand in an array.
  return ([] as readonly (string | TransportClass)[])
    .concat(transportImplementations ?? transports ?? known)
    .map((each) => (typeof each === "string" ? known.find(isNamed(each)) : each))
    .filter((each): each is TransportClass => each !== undefined);
}
