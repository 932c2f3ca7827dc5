// Managers and the options of a client.

import { Manager, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import { type Equal, is } from "./equal.js";

interface Hear {
  news: (title: string) => void;
}
interface Say {
  hello: (name: string) => void;
}

const options: Partial<ManagerOptions> = {
  forceNew: true,
  multiplex: false,
  path: "/x",
  autoConnect: false,
  reconnection: true,
  reconnectionAttempts: 3,
  reconnectionDelay: 100,
  reconnectionDelayMax: 1000,
  randomizationFactor: 0.1,
  timeout: 5000,
  transports: ["websocket", "polling"],
  tryAllTransports: true,
  upgrade: false,
  rememberUpgrade: true,
  withCredentials: true,
  extraHeaders: { "x-token": "secret" },
  query: { room: "a" },
  forceBase64: true,
  timestampRequests: true,
  timestampParam: "stamp",
  requestTimeout: 1000,
  transportOptions: { polling: { extraHeaders: { a: "b" } } },
  closeOnBeforeunload: true,
  useNativeTimers: true,
  autoUnref: true,
  protocols: ["chat"],
  addTrailingSlash: false,
  hostname: "example.com",
  port: 3000,
  secure: true,
};
const ofSocket: Partial<SocketOptions> = { auth: { token: "x" }, retries: 3, ackTimeout: 1000 };
const asked: Partial<SocketOptions> = { auth: (hand) => hand({ token: "x" }) };

const manager = new Manager<Hear, Say>("https://example.com", options);
const alone = new Manager(options);
const bare = new Manager();
const socket: Socket<Hear, Say> = manager.socket("/chat", ofSocket);
void [alone, bare, asked];

is<Equal<ReturnType<typeof manager._readyState.toString>, string>>();
const isOn: boolean = manager.reconnection();
const attempts: number = manager.reconnectionAttempts();
const factor: number = manager.randomizationFactor();
const delay: number = manager.reconnectionDelay();
const longest: number = manager.reconnectionDelayMax();
const limit: number | boolean = manager.timeout();
manager.reconnection(false).reconnectionAttempts(2).reconnectionDelay(1).reconnectionDelayMax(2);
manager.randomizationFactor(0).timeout(100).timeout(false);
manager.open((error) => {
  const given: Error | undefined = error;
  void given;
});
manager.connect();
manager.opts.query = { changed: "true" };
void [isOn, attempts, factor, delay, longest, limit];

is<Equal<typeof socket.id, string | undefined>>();
is<Equal<typeof socket.connected, boolean>>();
const active: boolean = socket.active;
const disconnected: boolean = socket.disconnected;
const recovered: boolean = socket.recovered;
const transport: string = socket.io.engine.transport.name;
socket.io.engine.once("upgrade", () => {});
socket.io.engine.on("packet", ({ type, data }) => void [type, data]);
socket.io.engine.on("drain", () => {});
socket.io.engine.on("close", (reason) => void reason);
void [active, disconnected, recovered, transport];

// @ts-expect-error a delay is a number
manager.reconnectionDelay("1s");
// @ts-expect-error an address is a text
new Manager(3000);
