// What WebTransport must do with each client in each browser. Functions that run in the page are sent as text.

import type { Socket } from "@sockeye/client";
import type { ServerOptions } from "@sockeye/node";
import { expect } from "vitest";
import type { ClientName, Served } from "./served.ts";

/** The page, as page.js makes it. */
interface World {
  readonly client: ClientName;
  readonly options: { serverCertificateHashes: unknown[] };
  connect(transports: readonly string[], more?: object): Promise<Socket>;
  /** Messages of upgrades that have failed. */
  readonly upgradeErrors: readonly string[];
  hold(): () => void;
  once(emitter: unknown, event: string): Promise<unknown[]>;
  log(): Promise<unknown[]>;
  session(path: string, use?: (session: WebTransport) => Promise<void>): Promise<number>;
}

/** A page on a server. */
export interface Visit {
  readonly client: ClientName;
  readonly served: Served;
  run<Result, Argument = undefined>(
    task: (world: World, argument: Argument) => Result,
    argument?: Argument,
  ): Promise<Awaited<Result>>;
}

/** One thing to be shown. */
export interface Scenario {
  readonly title: string;
  /** Part of `npm test`; the others are run by `npm run matrix:webtransport`. */
  readonly isShort?: true;
  /** Options of a server of its own. */
  readonly options?: Partial<ServerOptions>;
  run(visit: Visit): Promise<void>;
}

/** Numbers both ways, from the connection on until some time after the upgrade. */
async function underLoad({ connect, hold }: World, transports: readonly string[]) {
  const isDirect = transports.length === 1;
  const release = isDirect ? () => {} : hold();
  const socket = await connect(transports);
  const engine = socket.io.engine as unknown as {
    transport: { name: string };
    once(event: string, listener: () => void): void;
  };
  let down = 0;
  let isInOrder = true;
  let up = 0;
  socket.on("down", (number: number) => {
    isInOrder &&= number === down;
    down++;
  });
  const first = engine.transport.name;
  const upgraded = new Promise<void>((resolve) => {
    if (isDirect) resolve();
    else engine.once("upgrade", resolve);
  });
  const atLeast = async (count: number): Promise<void> => {
    while (down < count) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  socket.emit("start");
  const timer = setInterval(() => {
    for (let burst = 0; burst < 5; burst++) socket.emit("up", up++);
  }, 1);
  await atLeast(100);
  release();
  await upgraded;
  await atLeast(down + 500);
  clearInterval(timer);
  const seen = await socket.emitWithAck("stop");
  // The answer is behind everything that the server has sent before.
  const { transport } = engine;
  socket.disconnect();
  return { first, last: transport.name, down, isInOrder, up, seen };
}

const CLIENT_SIDE = ["transport close", "transport error"];

/** Scenarios. */
export const scenarios: readonly Scenario[] = [
  {
    title: "connects directly; events, acknowledgements, binary",
    isShort: true,
    async run({ run }) {
      const seen = await run(async ({ connect, log }) => {
        await log();
        const socket = await connect(["webtransport"]);
        const request = await socket.emitWithAck("request");
        const bytes = Uint8Array.of(0, 1, 254, 255);
        type Echoed = [string, { readonly bytes: ArrayBuffer }];
        const [text, binary] = await new Promise<Echoed>((resolve) => {
          socket.emit("echo", "grüße 💛", { bytes }, (...values: Echoed) => resolve(values));
        });
        socket.disconnect();
        const own = (await log()) as unknown[];
        return { request, text, bytes: [...new Uint8Array(binary.bytes)], first: own[0] };
      });
      expect(seen).toEqual({
        request: { address: "127.0.0.1", method: "CONNECT", path: "/socket.io/", secure: true },
        text: "grüße 💛",
        bytes: [0, 1, 254, 255],
        first: ["connection", "webtransport"],
      });
    },
  },
  ...[
    ["polling", "webtransport"],
    ["polling", "websocket", "webtransport"],
  ].map(
    (transports, index): Scenario => ({
      title: `upgrades under load, with ${transports.join(", ")}: nothing lost, doubled or overtaken`,
      ...(index === 0 ? { isShort: true } : {}),
      async run({ run }) {
        const { first, last, down, isInOrder, up, seen } = await run(underLoad, transports);
        expect([first, last]).toEqual(["polling", "webtransport"]);
        expect({ down, isInOrder }).toEqual({ down: seen.sent, isInOrder: true });
        expect(seen).toEqual({ isInOrder: true, received: up, sent: down });
        expect(Math.min(up, down)).toBeGreaterThan(100);
      },
    }),
  ),
  {
    title: "numbers both ways over one session",
    async run({ run }) {
      const { down, isInOrder, up, seen } = await run(underLoad, ["webtransport"]);
      expect({ down, isInOrder, seen }).toEqual({
        ...{ down: seen.sent, isInOrder: true },
        seen: { isInOrder: true, received: up, sent: down },
      });
    },
  },
  {
    title: "large messages: text up, bytes down",
    async run({ run }) {
      const lengths = await run(async ({ connect, once }) => {
        const socket = await connect(["webtransport"]);
        const up = await socket.emitWithAck("length", "x".repeat(900_000));
        socket.emit("send", 5_000_000);
        const [bytes] = (await once(socket, "sent")) as [ArrayBuffer];
        const isWhole = new Uint8Array(bytes).every((each) => each === 7);
        socket.disconnect();
        return [up, bytes.byteLength, isWhole];
      });
      expect(lengths).toEqual([900_000, 5_000_000, true]);
    },
  },
  {
    title:
      "the client disconnects: the server is notified; from ours, what it has sent before has arrived",
    async run({ client, run }) {
      const log = await run(async ({ connect, log }) => {
        await log();
        const socket = await connect(["webtransport"]);
        for (let number = 0; number < 200; number++) socket.emit("up", number);
        socket.disconnect();
        const seen: unknown[] = [];
        while (!JSON.stringify(seen).includes("disconnect")) seen.push(...(await log()));
        return seen;
      });
      const [, reason] = log.at(-1) as [string, string];
      // Socket.IO's client closes the session without waiting for what it has written.
      const reasons = [
        "client namespace disconnect",
        ...(client === "ours" ? [] : ["transport close"]),
      ];
      expect(reasons).toContain(reason);
    },
  },
  {
    title: "the server disconnects: what it has sent before arrives",
    async run({ run }) {
      const seen = await run(async ({ connect, once }) => {
        const socket = await connect(["webtransport"]);
        const words: number[] = [];
        socket.on("word", (word: string) => words.push(word.length));
        socket.emit("last words");
        const [reason] = await once(socket, "disconnect");
        return { reason, words };
      });
      expect(seen).toEqual({ reason: "io server disconnect", words: Array(10).fill(3_000) });
    },
  },
  {
    title: "the server closes the connection",
    async run({ client, run }) {
      const [reason, waited] = await run(async ({ connect, once }) => {
        const socket = await connect(["webtransport"]);
        const gone = once(socket, "disconnect");
        const began = performance.now();
        await fetch("/close-connections");
        const [why] = (await gone) as [string];
        return [why, performance.now() - began] as const;
      });
      // Ours acts on the close packet; Socket.IO's client learns of the end when the session is closed.
      if (client === "ours") expect([reason, waited < 900]).toEqual(["transport close", true]);
      else expect(CLIENT_SIDE).toContain(reason);
    },
  },
  {
    title:
      "a message over maxHttpBufferSize ends the session, and the server says which limit it was",
    async run({ run }) {
      const [reason, log] = await run(async ({ connect, log, once }) => {
        await log();
        const socket = await connect(["webtransport"]);
        const gone = once(socket, "disconnect");
        socket.emit("length", "x".repeat(1_000_000));
        const [why] = (await gone) as [string];
        return [why, await log()] as const;
      });
      expect(CLIENT_SIDE).toContain(reason);
      expect(log.at(-1)).toEqual([
        ...["disconnect", "parse error"],
        expect.stringMatching(/exceeds maxHttpBufferSize \(1000000\)/),
      ]);
    },
  },
  {
    title: "a client that does not read is cut at maxSendBufferSize",
    options: { maxSendBufferSize: 1_000_000 },
    async run({ run }) {
      const log = await run(async ({ log, session }) => {
        await session("/socket.io/", async (each) => {
          const { writable } = await each.createBidirectionalStream();
          const writer = writable.getWriter();
          const encoder = new TextEncoder();
          const send = async (text: string): Promise<void> => {
            await writer.write(Uint8Array.of(text.length, ...encoder.encode(text)));
          };
          await send("0");
          await send("40");
          for (let count = 0; count < 100; count++) {
            await send('42["send",1000000]');
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        });
        return await log();
      });
      expect(log.at(-1)).toEqual([
        ...["disconnect", "slow consumer"],
        expect.stringMatching(/maxSendBufferSize is 1000000/),
      ]);
    },
  },
  {
    title:
      "a session without a handshake is cut after upgradeTimeout; a bad one and another path at once",
    options: { upgradeTimeout: 1_000 },
    async run({ run }) {
      const times = await run(async ({ log, session }) => {
        await log();
        const silent = await session("/socket.io/");
        const idle = await session("/socket.io/", async (each) => {
          const { writable } = await each.createBidirectionalStream();
          await writable.getWriter().write(Uint8Array.of(9));
        });
        const bad = await session("/socket.io/", async (each) => {
          const { writable } = await each.createBidirectionalStream();
          await writable.getWriter().write(Uint8Array.of(2, 0x34, 0x34));
        });
        const elsewhere = await session("/elsewhere/");
        return { silent, idle, bad, elsewhere, log: await log() };
      });
      for (const waited of [times.silent, times.idle]) {
        expect(waited).toBeGreaterThan(900);
        expect(waited).toBeLessThan(5_000);
      }
      for (const waited of [times.bad, times.elsewhere]) expect(waited).toBeLessThan(900);
      const late = ["refused", "no handshake within upgradeTimeout (1000 ms)"];
      expect(times.log).toEqual([
        ...[late, late],
        ["refused", "the first packet is not a handshake"],
      ]);
    },
  },
  {
    title:
      "where the certificate is not the one, the connection stays on polling and loses nothing",
    async run({ run }) {
      const seen = await run(async ({ connect, options, upgradeErrors }) => {
        options.serverCertificateHashes = [{ algorithm: "sha-256", value: new Uint8Array(32) }];
        const socket = await connect(["polling", "webtransport"]);
        const { engine } = socket.io;
        const answers: number[] = [];
        for (let number = 0; number < 50; number++) {
          socket.emit("echo", number, (answer: number) => answers.push(answer));
        }
        while (answers.length < 50 || upgradeErrors.length === 0)
          await new Promise((resolve) => setTimeout(resolve, 10));
        return { message: upgradeErrors[0], answers, name: engine.transport.name };
      });
      expect(seen.message).toMatch(/^probe error/);
      expect(seen.answers).toEqual(Array.from({ length: 50 }, (_, index) => index));
      expect(seen.name).toBe("polling");
    },
  },
  {
    title: "the server's process is killed: the client notices within its heartbeat",
    options: { pingInterval: 400, pingTimeout: 600 },
    async run({ run, served }) {
      const gone = run(async ({ connect, once }) => {
        const socket = await connect(["webtransport"]);
        Object.assign(globalThis, { isReady: true });
        return (await once(socket, "disconnect"))[0];
      });
      await expect.poll(() => run(() => "isReady" in globalThis)).toBe(true);
      await served.kill();
      expect([...CLIENT_SIDE, "ping timeout"]).toContain(await gone);
    },
  },
  {
    title: "the server closes: the client is told, and the server stops",
    options: {},
    async run({ run, served }) {
      const reason = await run(async ({ connect, once }) => {
        const socket = await connect(["webtransport"]);
        const gone = once(socket, "disconnect");
        await fetch("/close");
        return (await gone)[0];
      });
      expect(CLIENT_SIDE).toContain(reason);
      await served.closed();
    },
  },
];
