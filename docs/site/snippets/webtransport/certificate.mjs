import { io } from "@sockeye/client";
import { WebTransport } from "@sockeye/client/webtransport";

// #region shown
const value = await fetch("/certificate-hash").then((response) => response.arrayBuffer());
io({
  transports: ["polling", WebTransport],
  transportOptions: {
    webtransport: { serverCertificateHashes: [{ algorithm: "sha-256", value }] },
  },
});
// #endregion shown
