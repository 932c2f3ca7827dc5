import { presenceOf } from "@sockeye/presence";
import { type Convergence, simulateCluster } from "@sockeye/testkit/simulator";

declare const seed: number;

// #region shown
const presence: Convergence = {
  name: "presence",
  ask: async ({ server }) =>
    presenceOf(server.sockets)
      ?.list()
      .map(({ user }) => user)
      .sort(),
};
await simulateCluster(seed, { turn: () => new Promise(setImmediate) }, [presence]);
// #endregion shown
