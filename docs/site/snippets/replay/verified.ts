import { Server } from "@sockeye/node";

declare const verify: (token: unknown) => { deviceId: string };

new Server(3000, {
  connectionStateRecovery: {
    replay: {
      // #region shown
      key: ({ auth }) => verify(auth["token"]).deviceId,
      // #endregion shown
    },
  },
});
