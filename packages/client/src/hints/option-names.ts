// Warns of options whose names are probably not what is meant: they would be ignored silently. Names that resemble none are
// left alone: agents, transports and parsers of the application may have options of their own.

import { withHelp } from "@sockeye/portable";
import type { ClientOptions } from "../options.ts";

/** Every option there is; the compiler demands one row per member. */
const NAMES: Readonly<Record<keyof ClientOptions, true>> = {
  ackTimeout: true,
  addTrailingSlash: true,
  agent: true,
  auth: true,
  autoConnect: true,
  autoUnref: true,
  ca: true,
  cert: true,
  ciphers: true,
  closeOnBeforeunload: true,
  extraHeaders: true,
  "force new connection": true,
  forceBase64: true,
  forceNew: true,
  host: true,
  hostname: true,
  key: true,
  localAddress: true,
  maxPayload: true,
  maxSendBufferLength: true,
  multiplex: true,
  outbox: true,
  parser: true,
  passphrase: true,
  path: true,
  perMessageDeflate: true,
  pfx: true,
  port: true,
  protocols: true,
  query: true,
  randomizationFactor: true,
  reconnection: true,
  reconnectionAttempts: true,
  reconnectionDelay: true,
  reconnectionDelayMax: true,
  rejectUnauthorized: true,
  rememberUpgrade: true,
  requestTimeout: true,
  retries: true,
  reuse: true,
  secure: true,
  timeout: true,
  timestampParam: true,
  timestampRequests: true,
  transportImplementations: true,
  transportOptions: true,
  transports: true,
  tryAllTransports: true,
  upgrade: true,
  useNativeTimers: true,
  withCredentials: true,
};

/** Others that are meant: of Node's sockets, of `ws`, and what an address is read as. */
const FURTHER = new Set(["checkServerIdentity", "family", "origin", "protocol", "protocolVersion"]);

/** Names that are none here, and what is meant by them. */
const OTHERS: Readonly<Record<string, string>> = {
  reconnect: 'it is "reconnection" since Socket.IO 1',
  "max reconnection attempts": 'it is "reconnectionAttempts" since Socket.IO 1',
  "connect timeout": 'it is "timeout" since Socket.IO 1',
  token: "credentials go into the option auth: { token }",
  headers: 'did you mean "extraHeaders"?',
  cors: "it is an option of the server",
  pingInterval: "it is an option of the server",
  pingTimeout: "it is an option of the server",
  upgradeTimeout: "it is an option of the server",
  maxHttpBufferSize: "it is an option of the server",
  allowEIO3: "it is an option of the server",
  connectTimeout: 'it is an option of the server; here it is "timeout"',
};

/** In names of this length or more, two wrong letters are taken for a slip; in shorter ones, one. */
const LONG = 8;

const warned = new Set<string>();

/** Warns once of each name that is probably misspelled. */
export function warnOfNames(options: object): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || name in NAMES || FURTHER.has(name) || warned.has(name)) continue;
    const meant = OTHERS[name] ?? resembling(name);
    if (meant === undefined) continue;
    warned.add(name);
    const text = `"${name}" is not an option of the client and has no effect: ${meant}`;
    console.warn(withHelp(text, "HINT_OPTION_NAME"));
  }
}

function resembling(name: string): string | undefined {
  const most = name.length < LONG ? 1 : 2;
  const plain = name.toLowerCase();
  let best: string | undefined;
  let least = most + 1;
  for (const known of Object.keys(NAMES)) {
    const differences = distance(plain, known.toLowerCase());
    if (differences < least) [best, least] = [known, differences];
  }
  return best && `did you mean "${best}"?`;
}

/** How many letters have to be added, removed, changed or exchanged with the next to get from one word to the other. */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 1; row <= from.length; row++) {
    const line = [row];
    for (let at = 1; at <= to.length; at++) {
      const isSame = from[row - 1] === to[at - 1];
      let least = Math.min(
        (above[at] as number) + 1,
        (line[at - 1] as number) + 1,
        (above[at - 1] as number) + (isSame ? 0 : 1),
      );
      if (row > 1 && at > 1 && from[row - 1] === to[at - 2] && from[row - 2] === to[at - 1]) {
        least = Math.min(least, (before[at - 2] as number) + 1);
      }
      line.push(least);
    }
    [before, above] = [above, line];
  }
  return above[to.length] as number;
}
