// Which transports a session may use, from the options and what the platform has.

import type { EngineOptions } from "../options.ts";
import type { EnginePlatform } from "../platform.ts";
import type { TransportClass } from "../transports/transport.ts";

/** Whether a transport class goes by this name. */
function isNamed(name: string): (Class: TransportClass) => boolean {
  return (Class) => Class.prototype.name === name;
}

/**
 * Chooses among the transports that a platform knows by name, given in their default order. Names that it does not
 * know are passed over. What was chosen remembers whether the last session had come to use WebSocket.
 */
export function transportChoice(
  known: readonly TransportClass[],
): Pick<EnginePlatform, "transportsFor" | "remember" | "hasUpgraded"> {
  let hasUpgraded = false;
  return {
    remember(name) {
      hasUpgraded = name === "websocket";
    },
    hasUpgraded: () => hasUpgraded,
    transportsFor({ transports, transportImplementations, rememberUpgrade }: EngineOptions) {
      if (transports && transportImplementations) {
        throw new Error(
          "specifying both 'transportImplementations' and 'transports' options is not supported",
        );
      }
      // A single one need not stand in an array.
      const chosen = ([] as readonly (string | TransportClass)[])
        .concat(transportImplementations ?? transports ?? known)
        .map((each) => (typeof each === "string" ? known.find(isNamed(each)) : each))
        .filter((each): each is TransportClass => each !== undefined);
      const first = rememberUpgrade && hasUpgraded && chosen.find(isNamed("websocket"));
      return first ? [first, ...chosen.filter((each) => each !== first)] : chosen;
    },
  };
}
