// Which clients would notice that their connection is closed now.

import { memberOf } from "./member.ts";
import type { Membership } from "./membership.ts";
import type { PeerConnection } from "./peer-parts.ts";

/** The connections on which something has been asked and not answered, in either direction. */
export function unsettledConnections(memberships: Iterable<Membership>): Set<PeerConnection> {
  const found = new Set<PeerConnection>();
  for (const { sockets } of memberships) {
    for (const face of sockets.values()) {
      const { isIdle, peer } = memberOf(face);
      if (!isIdle || peer.owed > 0) found.add(peer.connection);
    }
  }
  return found;
}
