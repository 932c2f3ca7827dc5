// The client of a malicious server: the three builds, over WebSockets and a transport that the fuzz plays.

import { connectBy } from "../../../packages/client/src/mini/connect.ts";
import { io as nodeIo } from "../../../packages/client/src/node/index.ts";
import type { TransportSink } from "../../../packages/client/src/transports/transport.ts";
import { io as leanIo } from "../../../packages/client/src/websocket.ts";
import { enforceOnClient } from "../../../packages/contract/src/enforce.ts";
import type { SeededRandom } from "../../../packages/testkit/src/seeded-random.ts";
import { jsonText, NAMES, numberText } from "../grammar.ts";
import { engineFrames } from "../packets.ts";
import type { FuzzSession, Input, Outcome, Surface } from "../surface.ts";

/** A client under attack. */
interface Victim {
  receive(frame: string | Uint8Array): void;
  readonly isOpen: boolean;
  /** Ends it, its timers too. */
  end(): void;
}

const HANDSHAKE =
  '0{"sid":"E","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}';

/** What a server says first, and what it should never say. */
function serverFrames(random: SeededRandom): Input {
  const kind = random.below(12);
  if (kind === 0) {
    const handshake = `0{"sid":${jsonText(random)},"upgrades":${jsonText(random)},"pingInterval":${numberText(random)},`;
    return [`${handshake}"pingTimeout":${numberText(random)},"maxPayload":${numberText(random)}}`];
  }
  if (kind === 1) return [`40{"sid":${jsonText(random)},"pid":${jsonText(random)}}`];
  if (kind === 2) return [`43${random.below(4)}[${jsonText(random)},${jsonText(random)}]`];
  if (kind === 3) return [`42[${JSON.stringify(random.pick(NAMES))},${jsonText(random)}]`];
  if (kind === 4) return [random.pick(["2", "3probe", "6", "1", "41", "44", "44null", "7"])];
  return engineFrames(random);
}

class ClientSession implements FuzzSession {
  readonly #start: () => Victim;
  #victim: Victim;

  constructor(start: () => Victim) {
    this.#start = start;
    this.#victim = this.#begin();
  }

  make = serverFrames;

  feed(input: Input): Outcome {
    if (!this.#victim.isOpen) {
      this.#victim.end();
      this.#victim = this.#begin();
    }
    for (const frame of input) this.#victim.receive(frame);
    return this.#victim.isOpen ? "accepted" : "refused";
  }

  end(): void {
    this.#victim.end();
  }

  #begin(): Victim {
    const victim = this.#start();
    victim.receive(HANDSHAKE);
    victim.receive('40{"sid":"S","pid":"P"}');
    return victim;
  }
}

/** The standard's WebSocket as far as clients use it. */
class FakeSocket {
  binaryType = "";
  isClosed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: object) => void) | null = null;
  onerror: ((event: object) => void) | null = null;

  send(): void {}

  close(): void {
    this.isClosed = true;
  }

  receive(frame: string | Uint8Array): void {
    const data = typeof frame === "string" ? frame : frame.slice().buffer;
    if (!this.isClosed) this.onmessage?.({ data });
  }
}

/** What applications do with a socket, in any build. */
interface AnySocket {
  on(event: string, listener: (...args: never[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  disconnect(): unknown;
}

function use(socket: AnySocket): void {
  for (const event of NAMES) {
    if (event !== "newListener" && event !== "removeListener") {
      socket.on(event, (...args: unknown[]) => {
        const answer = args.at(-1);
        // Not with what came: in browsers data may be deeper than can be sent.
        if (typeof answer === "function") answer(args.length);
      });
    }
  }
  for (let asked = 0; asked < 4; asked++) socket.emit("ask", asked, () => {});
}

const OPTIONS = { reconnection: false, forceNew: true } as const;

/** Has the fake in the place of the platform's WebSocket while it connects. */
function withFake(connect: () => AnySocket): Victim {
  const platform = globalThis as { WebSocket?: unknown };
  const had = Object.getOwnPropertyDescriptor(platform, "WebSocket");
  const made: FakeSocket[] = [];
  platform.WebSocket = class extends FakeSocket {
    constructor() {
      super();
      made.push(this);
    }
  };
  try {
    return victimOf(connect(), made[0] as FakeSocket);
  } finally {
    if (had === undefined) delete platform.WebSocket;
    else Object.defineProperty(platform, "WebSocket", had);
  }
}

function victimOf(socket: AnySocket, wire: FakeSocket): Victim {
  use(socket);
  return {
    receive: (frame) => wire.receive(frame),
    get isOpen() {
      return !wire.isClosed;
    },
    end: () => void socket.disconnect(),
  };
}

/** A transport of the complete client, whose other end is the fuzz. */
function transportClass(made: { sink: TransportSink; isClosed: boolean }[]): unknown {
  return class {
    sink!: TransportSink;
    writable = true;
    isClosed = false;

    constructor() {
      made.push(this);
    }

    get name(): string {
      return "polling";
    }

    open(): void {
      this.sink.onOpen();
    }

    send(): void {
      queueMicrotask(() => this.sink.onDrain());
    }

    close(): void {
      this.isClosed = true;
    }
  };
}

function completeClient(): Victim {
  const made: { sink: TransportSink; isClosed: boolean }[] = [];
  const transports = [transportClass(made)] as never;
  const socket = nodeIo("http://here.example", { ...OPTIONS, transports, upgrade: false });
  const wire = made[0] as (typeof made)[number];
  use(socket as unknown as AnySocket);
  return {
    receive(frame) {
      if (!wire.isClosed) wire.sink.onFrame(typeof frame === "string" ? frame : Buffer.from(frame));
    },
    get isOpen() {
      return !wire.isClosed;
    },
    end: () => void socket.disconnect(),
  };
}

function surface(name: string, start: () => Victim): Surface {
  return { name, weight: 6, open: () => ({ begin: () => new ClientSession(start) }) };
}

export const completeClients: Surface = surface("client, complete", completeClient);

export const leanClients: Surface = surface("client, WebSocket only", () =>
  withFake(() => leanIo("http://here.example", OPTIONS) as unknown as AnySocket),
);

export const miniClients: Surface = surface("client, smallest", () => {
  const wire = new FakeSocket();
  const connect = connectBy(() => wire as never);
  return victimOf(
    connect("http://here.example", { reconnection: false }) as unknown as AnySocket,
    wire,
  );
});

const text = {
  "~standard": {
    version: 1,
    vendor: "fuzz",
    validate: (value: unknown) =>
      typeof value === "string" ? { value } : { issues: [{ message: "no text" }] },
  },
} as const;

export const checkedClients: Surface = surface("client, with a contract", () =>
  withFake(() => {
    const events = { hello: { args: [text] }, ask: { args: [text], ack: text } };
    const socket = leanIo("http://here.example", OPTIONS);
    enforceOnClient(socket as never, { clientToServer: events, serverToClient: events });
    return socket as unknown as AnySocket;
  }),
);
