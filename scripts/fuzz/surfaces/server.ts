// A whole server over an engine in memory: sessions by WebSocket, by polling and by WebTransport, requests with queries and
// headers of all kinds. Its application listens to all that there is, relays, joins rooms and acknowledges.

import type { Socket } from "../../../packages/core/src/api/socket.ts";
import { MemoryServer } from "../../../packages/core/test/memory-server.ts";
import { MemoryExchange } from "../../../packages/testkit/src/memory-exchange.ts";
import type { MemorySocket } from "../../../packages/testkit/src/memory-socket.ts";
import type { SeededRandom } from "../../../packages/testkit/src/seeded-random.ts";
import { mutatedBytes, mutatedText, NAMES, numberText } from "../grammar.ts";
import { body3, body4, engineFrames } from "../packets.ts";
import type { FuzzSession, Input, Outcome, Stage, Surface } from "../surface.ts";

/** What applications do with what they get: this one does it with everything. */
function relayAll(socket: Socket): void {
  socket.onAny((event: string, ...args: unknown[]) => {
    const answer = args.at(-1);
    if (typeof answer === "function") answer(event, ...args.slice(0, -1));
    socket.emit("relayed", event, ...args.filter((arg) => typeof arg !== "function"));
    const room = textOf(args[0]);
    if (event === "room") void socket.join(room);
    if (event === "ask") socket.timeout(1000).emit("asked", () => {});
    socket.to(room).emit("told", args.length);
  });
}

/** A text of anything: objects out of packets may have a member `toString` that is none. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value;
}

/** A server with such an application in two namespaces and a pattern. */
export function relayingServer(engine: object = {}, core: object = {}): MemoryServer {
  const server = new MemoryServer(
    { connectionStateRecovery: { maxDisconnectionDuration: 2000 } as never, ...core },
    { allowEIO3: true, maxHttpBufferSize: 100_000, ...engine },
  );
  for (const nsp of [server.of("/"), server.of("/side"), server.of(/^\/[a-z_]{1,20}$/)]) {
    nsp.on("connection", relayAll);
  }
  return server;
}

/** What the server made uncaught, and its clock, which runs between sessions. */
function stageOf(server: MemoryServer, begin: Stage["begin"]): Stage {
  return {
    begin(random) {
      server.clock.advance(1000 + random.below(500));
      return begin(random);
    },
    faults: () => server.surfaced.splice(0),
    end: () => server.end(),
  };
}

class WebSocketSession implements FuzzSession {
  readonly #server: MemoryServer;
  #raw: MemorySocket;

  constructor(server: MemoryServer) {
    this.#server = server;
    this.#raw = this.#dial();
  }

  make(random: SeededRandom): Input {
    return engineFrames(random);
  }

  feed(input: Input): Outcome {
    if (!this.#raw.isOpen) this.#raw = this.#dial();
    for (const frame of input) this.#raw.transmit(frame);
    // The inbox of the client is not read.
    (this.#raw.unread as unknown[]).length = 0;
    return this.#raw.isOpen ? "accepted" : "refused";
  }

  end(): void {
    this.#raw.cut();
  }

  #dial(): MemorySocket {
    const raw = this.#server.dial();
    raw.transmit("40");
    return raw;
  }
}

export const serverByWebSocket: Surface = {
  name: "server, by WebSocket",
  weight: 12,
  open() {
    const server = relayingServer();
    return stageOf(server, () => new WebSocketSession(server));
  },
};

const HEADERS = [
  "origin",
  "cookie",
  "content-type",
  "accept-encoding",
  "user-agent",
  "host",
] as const;

class PollingSession implements FuzzSession {
  readonly #server: MemoryServer;
  readonly #revision: 3 | 4;
  #sid = "";
  #held: MemoryExchange | null = null;

  constructor(server: MemoryServer, revision: 3 | 4) {
    this.#server = server;
    this.#revision = revision;
  }

  make(random: SeededRandom): Input {
    const method = random.once(20)
      ? random.pick(["PUT", "OPTIONS", "HEAD", ""])
      : random.once(3)
        ? "GET"
        : "POST";
    const query = `EIO=${this.#revision}&transport=polling&sid=SID`;
    const headers: Record<string, string> = {};
    if (random.once(6)) headers[random.pick(HEADERS)] = random.pick(NAMES);
    if (random.once(20)) headers["content-type"] = "application/octet-stream";
    const made = this.#revision === 4 ? body4(random) : body3(random);
    const body =
      typeof made === "string" ? made : random.once(4) ? mutatedBytes(random, made) : made;
    return [
      method,
      random.once(5) ? queryText(random, query) : query,
      JSON.stringify(headers),
      body,
    ];
  }

  feed([method = "", query = "", headers = "{}", body = ""]: Input): Outcome {
    if (this.#sid === "") this.#open();
    const exchange = this.#ask(String(method), String(query).replace("SID", this.#sid), {
      headers: JSON.parse(String(headers)),
      ...(method !== "GET" && { body }),
    });
    if (exchange.replies.length === 0) {
      this.#held?.abort();
      this.#held = exchange;
      return "accepted";
    }
    const isOk = exchange.replies.every(({ status }) => status === 200 || status === 204);
    if (!isOk || exchange.isAborted) this.#sid = "";
    return isOk ? "accepted" : "refused";
  }

  end(): void {
    this.#held?.abort();
    if (this.#sid === "") return;
    const query = `EIO=${this.#revision}&transport=polling&sid=${this.#sid}`;
    this.#ask("POST", query, { body: this.#revision === 4 ? "1" : "1:1" });
  }

  #open(): void {
    const exchange = this.#ask("GET", `EIO=${this.#revision}&transport=polling`, {});
    this.#sid = /"sid":"([^"]+)"/.exec(String(exchange.replies[0]?.body))?.[1] ?? "";
  }

  #ask(method: string, query: string, parts: object): MemoryExchange {
    const exchange = new MemoryExchange(method, `/engine.io/?${query}`, parts);
    this.#server.engine.respond(exchange);
    return exchange;
  }
}

function queryText(random: SeededRandom, query: string): string {
  const kind = random.below(5);
  if (kind === 0)
    return `EIO=${random.pick(["3", "4", "5", "", "04"])}&transport=${random.pick(NAMES)}`;
  if (kind === 1)
    return `${query}&${random.pick(NAMES)}=${random.pick(NAMES)}&j=${numberText(random)}`;
  if (kind === 2) return `EIO=4&transport=websocket&sid=${random.pick(NAMES)}&sid=SID`;
  if (kind === 3) return `${query}&b64=1&EIO=3`;
  return mutatedText(random, query);
}

export const serverByPolling: Surface = {
  name: "server, by polling",
  weight: 8,
  open() {
    const server = relayingServer();
    return stageOf(server, (random) => new PollingSession(server, random.once(3) ? 3 : 4));
  },
};
