import { Server } from "@sockeye/node";

const key = (): null => null;

new Server(3000, {
  connectionStateRecovery: {
    // #region shown
    replay: { key, offsets: false },
    // #endregion shown
  },
});
