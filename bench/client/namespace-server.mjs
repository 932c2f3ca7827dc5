// The server for the measurement of namespaces: lets everybody join any namespace.

import { createServer } from "node:http";
import { Server } from "@sockeye/node";

const http = createServer();
const io = new Server(http);
io.of(/^\/n\d+$/);
process.on("disconnect", () => process.exit(0));
process.on("message", () => process.exit(0));
http.listen(0, "127.0.0.1", () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (http.address());
  process.send?.({ kind: "ready", port });
});
