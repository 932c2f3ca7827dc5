// The limits that are measured. High enough that none is reached.

const rate = 1e9;

/** @type {Record<string, import("@sockeye/limits").LimitsOptions<import("@sockeye/node").Socket> | null>} */
export const plans = {
  none: null,
  "events by socket and address, connections, handshakes, rooms": {
    connections: { total: 1e6, byAddress: 1e6 },
    handshakes: { rate },
    events: { bySocket: { rate }, byAddress: { rate } },
    namespaces: 100,
    rooms: 1000,
    unauthenticated: { timeout: 1e6, isAuthenticated: () => true },
  },
  "events and bytes by socket and address": {
    events: { bySocket: { rate }, byAddress: { rate } },
    bytes: { bySocket: { rate }, byAddress: { rate } },
  },
  "all of them": {
    connections: { total: 1e6, byAddress: 1e6 },
    handshakes: { rate },
    events: {
      bySocket: { rate },
      byAddress: { rate },
      byUser: { rate },
      byName: { say: { rate } },
    },
    bytes: {
      bySocket: { rate },
      byAddress: { rate },
      byUser: { rate },
      byName: { say: { rate } },
    },
    namespaces: 100,
    rooms: 1000,
    pendingAnswers: 1000,
    acks: 1000,
    user: () => "ada",
    unauthenticated: { timeout: 1e6, isAuthenticated: () => true },
  },
};
