// Which transports a session may use, from the options and what the platform has.

import type { EngineOptions, TransportClass } from "../options.ts";
import type { EnginePlatform } from "../platform.ts";

/** Whether a transport class goes by this name. */
function isNamed(name: string): (Class: TransportClass) => boolean {
  return (Class) => Class.prototype.name === name;
}

// Milliseconds by which a WebSocket is ahead of polling: where nothing is known of the host, little enough to be
// there soon when something on the way swallows WebSockets; where they have worked before, enough not to try both.
const FIRST_LEAD = 100;
const KNOWN_LEAD = 1000;

function hostOf({ hostname, port }: EngineOptions): string {
  return `${hostname}:${port}`;
}

/**
 * Chooses among the transports that a platform knows by name, given in their default order. Names that it does not
 * know are passed over. What was chosen remembers whether the last session had come to use WebSocket.
 */
export function transportChoice(
  known: readonly TransportClass[],
): Pick<EnginePlatform, "transportsFor" | "remember" | "hasUpgraded" | "leadFor"> {
  let hasUpgraded = false;
  const carriers = new Map<string, string>();
  return {
    remember(options, name) {
      hasUpgraded = name === "websocket";
      if (name) carriers.set(hostOf(options), name);
    },
    hasUpgraded: () => hasUpgraded,
    leadFor(options) {
      const { transports, transportImplementations, transportOptions, upgrade } = options;
      // Whoever chose, or needs what only polling can say in browsers or is told in Node, gets the usual order.
      const isOrdered = transports || transportImplementations || upgrade === false;
      const { extraHeaders, withCredentials } = options;
      if (isOrdered || extraHeaders || withCredentials || transportOptions?.polling) return 0;
      const carrier = carriers.get(hostOf(options));
      if (!carrier) return FIRST_LEAD;
      return carrier === "websocket" ? KNOWN_LEAD : 0;
    },
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
