// The options of a server, and adapters.

import { createServer } from "node:http";
import { Server, type ServerOptions } from "socket.io";
import { Adapter } from "socket.io-adapter";

const options: Partial<ServerOptions> = {
  path: "/x",
  addTrailingSlash: false,
  serveClient: true,
  connectTimeout: 1000,
  cleanupEmptyChildNamespaces: true,
  connectionStateRecovery: { maxDisconnectionDuration: 1000, skipMiddlewares: true },
  pingTimeout: 20_000,
  pingInterval: 25_000,
  upgradeTimeout: 10_000,
  maxHttpBufferSize: 1e6,
  allowRequest: (_request, done) => done(null, true),
  transports: ["polling", "websocket"],
  allowUpgrades: true,
  perMessageDeflate: { threshold: 1024 },
  httpCompression: true,
  cookie: { name: "io", path: "/", httpOnly: true, sameSite: "lax" },
  cors: { origin: ["https://example.com"], credentials: true },
  allowEIO3: true,
  destroyUpgrade: true,
  destroyUpgradeTimeout: 500,
};
options.path = "/changed";
options.cors = { origin: false };
options.transports = ["websocket"];
const io = new Server(createServer(), options);
io.attach(createServer(), options);
io.listen(3000);
io.path("/y").serveClient(false).connectTimeout(10);
const path: string = io.path();
void path;

class Own extends Adapter {}
void new Server({ adapter: Own });
void new Server({ adapter: Adapter });
void new Server({ adapter: (namespace: unknown) => new Own(namespace) });
io.adapter(Own);

// @ts-expect-error a duration is a number
void new Server({ pingTimeout: "1s" });
// @ts-expect-error a path is a text
void new Server({ path: 1 });
// @ts-expect-error no adapter
void new Server({ adapter: () => 1 });
