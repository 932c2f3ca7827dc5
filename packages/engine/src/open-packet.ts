// The open packet of a session: what the server says of itself.

import type { EngineOptions } from "./options.ts";
import type { TransportKind } from "./transports/kinds.ts";

/** The part of the open packet after the session id; the same for all transports of a kind. */
export function termsOf(
  options: EngineOptions,
  kind: TransportKind,
  all: readonly TransportKind[],
): string {
  const { pingInterval, pingTimeout, maxHttpBufferSize, allowUpgrades } = options;
  const canUpgrade = kind.upgrades === "source" && allowUpgrades;
  const upgrades = canUpgrade
    ? all.filter((each) => each.upgrades === "target").map(({ name }) => name)
    : [];
  const maxPayload = maxHttpBufferSize;
  return JSON.stringify({ upgrades, pingInterval, pingTimeout, maxPayload }).slice(1);
}
