// Connections that are taken down and set up again, by what the application and the client see. The property over whole
// conversations is in packages/testkit/src/moving.

import type { Connection, Frame, SavedConnection } from "@sockeye/engine";
import type { Packet } from "@sockeye/protocol";
import type { MemorySocket } from "@sockeye/testkit";
import { describe, expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import { come, offsetIn, read, sockets, start } from "../../test/recovering.ts";
import type { Socket } from "../api/socket.ts";
import type { CoreOptions } from "../base/options.ts";
import type { SavedPeer } from "./saved-peer.ts";

function connectionOf(server: MemoryServer): Connection {
  return [...server.engine.connections.values()][0] as Connection;
}

/** The data of the only connection, as a store gives them back. */
function released(server: MemoryServer): SavedConnection {
  const saved = connectionOf(server).release();
  if (saved.kind === "busy") throw new Error(saved.why);
  return JSON.parse(JSON.stringify(saved.data)) as SavedConnection;
}

/** Takes the only connection down, and sets it up again, in the same server or another one. */
function move(raw: MemorySocket, from: MemoryServer, to: MemoryServer = from): void {
  to.engine.revive(released(from), raw);
}

function eventIn(frame: Frame): unknown {
  return (JSON.parse(String(frame).slice(2)) as unknown[])[0];
}

/** A server that notes what it hears. */
function listening(options: object = {}): { server: MemoryServer; heard: unknown[] } {
  const server = new MemoryServer(options);
  const heard: unknown[] = [];
  server.of("/").on("connection", (socket: Socket) => {
    heard.push(["connection", socket.adopted]);
    socket.on("disconnect", (reason) => heard.push(["disconnect", reason]));
    socket.onAny((...event) => heard.push(event.filter((each) => typeof each !== "function")));
  });
  return { server, heard };
}

/** A parser in Socket.IO's form, whose packets are two frames. */
const twofold = {
  Encoder: class {
    encode({ data, ...head }: Packet): string[] {
      return [JSON.stringify(head), JSON.stringify(data ?? [])];
    }
  },
  Decoder: class {
    #decoded: (packet: Packet) => void = () => {};
    #head: Packet | null = null;

    on(_event: string, listener: (packet: Packet) => void): void {
      this.#decoded = listener;
    }

    add(chunk: unknown): void {
      const head = this.#head;
      this.#head = head === null ? (JSON.parse(String(chunk)) as Packet) : null;
      if (head !== null) {
        const [data] = JSON.parse(String(chunk)) as unknown[];
        this.#decoded({ ...head, data });
      }
    }
  },
} as unknown as CoreOptions["parser"];

describe("a connection over WebSocket", () => {
  test("MV1, MV4 and MV7 moves to another server, and nothing but `connection` is raised", async () => {
    const [one, other] = [listening(), listening()];
    let asked = 0;
    other.server.use((_, next) => {
      asked += 1;
      next();
    });
    const raw = await one.server.join();
    const [before] = sockets(one.server) as [Socket];
    before.data = { name: "Ada" };
    void before.join(["lobby", "hall"]);
    raw.transmit('2["early"]'.replace(/^/, "4"));
    move(raw, one.server, other.server);
    const [socket] = sockets(other.server) as [Socket];
    expect([before.connected, sockets(one.server), one.server.engine.connections.size]).toEqual([
      false,
      [],
      0,
    ]);
    expect([socket.id, socket.data, [...socket.rooms], socket.adopted]).toEqual([
      before.id,
      { name: "Ada" },
      [before.id, "lobby", "hall"],
      true,
    ]);
    expect([socket.handshake, asked]).toEqual([before.handshake, 0]);
    before.emit("lost");
    raw.transmit('42["late"]');
    other.server.to("hall").emit("hello");
    socket.emit("you");
    expect(raw.unread).toEqual(['42["hello"]', '42["you"]']);
    raw.cut();
    expect([one.heard, other.heard]).toEqual([
      [["connection", false], ["early"]],
      [["connection", true], ["late"], ["disconnect", "transport close"]],
    ]);
  });

  test("MV7 the sockets of all namespaces are there before `connection` is raised", async () => {
    const { server } = listening();
    const other = new MemoryServer();
    const seen: unknown[] = [];
    for (const name of ["/", "/a", "/b"]) {
      server.of(name);
      other.of(name).on("connection", (socket: Socket) => {
        seen.push([name, other.of("/b").sockets.size, socket.connected]);
        other.of("/b").emit("from", name);
      });
    }
    const raw = await server.join("/", "/a", "/b");
    move(raw, server, other);
    expect(seen).toEqual([
      ["/", 1, true],
      ["/a", 1, true],
      ["/b", 1, true],
    ]);
    expect(raw.unread).toEqual(['42/b,["from","/"]', '42/b,["from","/a"]', '42/b,["from","/b"]']);
  });

  test("MV6 half a packet is completed by the frames that follow", async () => {
    const [one, other] = [listening(), listening()];
    const raw = await one.server.join();
    raw.transmit('452-["two",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
    move(raw, one.server, other.server);
    raw.transmit(Uint8Array.of(1));
    move(raw, other.server, one.server);
    expect(one.heard).toEqual([
      ["connection", false],
      ["connection", true],
    ]);
    raw.transmit(Uint8Array.of(2));
    const [event, ...bytes] = one.heard.at(-1) as [string, ...Uint8Array[]];
    expect([event, ...bytes.map((each) => [...each])]).toEqual(["two", [1], [2]]);
  });

  test("MV6 a relayed event that is half received is relayed", async () => {
    const servers = [new MemoryServer(), new MemoryServer()] as const;
    for (const server of servers) {
      server.on("connection", (socket: Socket) => socket.relay("cursor", socket.to("board")));
    }
    const [one, other] = servers;
    const raw = await one.join();
    raw.transmit('451-["cursor",{"_placeholder":true,"num":0}]');
    move(raw, one, other);
    const listener = await other.join();
    void (sockets(other)[1] as Socket).join("board");
    raw.transmit(Uint8Array.of(7));
    expect(read(listener).length).toBe(2);
  });

  test("MV4 and MV8 callbacks are rejected, answers that come late are ignored, and no number is used twice", async () => {
    const [one, other] = [new MemoryServer(), new MemoryServer()];
    const raw = await one.join();
    const [before] = sockets(one) as [Socket];
    const outcomes: unknown[] = [];
    before.timeout(1000).emit("a", (error: Error) => outcomes.push(error.message));
    before.emit("b", () => outcomes.push("called"));
    const asked = before.emitWithAck("c").catch((error: Error) => outcomes.push(error.message));
    expect(connectionOf(one).isIdle).toBe(false);
    move(raw, one, other);
    await asked;
    expect(outcomes).toEqual(["socket has been disconnected", "socket has been disconnected"]);
    raw.transmit('431["late"]');
    const [socket] = sockets(other) as [Socket];
    const answers: unknown[] = [];
    socket.emit("d", (answer: unknown) => answers.push(answer));
    expect(raw.unread).toEqual(['420["a"]', '421["b"]', '422["c"]', '423["d"]']);
    raw.transmit('433["in time"]');
    expect([answers, outcomes.length, connectionOf(other).isIdle]).toEqual([["in time"], 2, true]);
  });

  test("MV8 numbers go on for a socket that joins after the move, too", async () => {
    const [one, other] = [new MemoryServer(), new MemoryServer()];
    const raw = await one.join();
    (sockets(one)[0] as Socket).emit("a", () => {});
    raw.transmit("41");
    read(raw);
    move(raw, one, other);
    raw.transmit("40");
    read(raw);
    const answers: unknown[] = [];
    (sockets(other)[0] as Socket).emit("b", (answer: unknown) => answers.push(answer));
    raw.transmit('430["to the first"]');
    raw.transmit('431["to the second"]');
    expect([raw.unread, answers]).toEqual([['421["b"]'], ["to the second"]]);
  });

  test("MV8 a client is answered by the listener of the server that took its event", async () => {
    const [one, other] = [new MemoryServer(), new MemoryServer()];
    other.on("connection", (socket: Socket) => {
      socket.on("ask", (answer: (text: string) => void) => answer("yes"));
    });
    const raw = await one.join();
    move(raw, one, other);
    raw.transmit('4217["ask"]');
    expect(raw.unread).toEqual(['4317["yes"]']);
  });

  test("MV5 the time to join a first namespace goes on, and is over for who joined none", async () => {
    const servers = [
      new MemoryServer({ connectTimeout: 1000 }),
      new MemoryServer({ connectTimeout: 1000 }),
    ] as const;
    const raw = servers[0].dial();
    for (const server of servers) server.clock.advance(600);
    move(raw, servers[0], servers[1]);
    servers[1].clock.advance(399);
    expect(raw.isOpen).toBe(true);
    servers[1].clock.advance(30);
    expect(raw.isOpen).toBe(false);
  });

  test("MV10 namespaces of patterns are made again, without asking the pattern", async () => {
    const made: unknown[] = [];
    let asked = 0;
    const servers = [0, 1].map(() => {
      const server = new MemoryServer();
      server.of(/^\/x-\d$/);
      const parent = server.of((_name, _auth, next) => {
        asked += 1;
        next(null, true);
      });
      parent.on("connection", (socket: Socket) => made.push([socket.nsp.name, socket.adopted]));
      return server;
    }) as [MemoryServer, MemoryServer];
    const raw = await servers[0].join("/y", "/x-1");
    move(raw, servers[0], servers[1]);
    expect([made, asked, [...servers[1]._nsps.keys()]]).toEqual([
      [
        ["/y", false],
        ["/y", true],
      ],
      1,
      ["/", "/y", "/x-1"],
    ]);
  });

  test("MV10 a client is disconnected from a namespace that is no more", async () => {
    const [one, other] = [new MemoryServer(), new MemoryServer()];
    one.of("/old");
    const raw = await one.join("/", "/old");
    move(raw, one, other);
    raw.transmit('42/old,["late"]');
    expect([raw.unread, raw.isOpen]).toEqual([["41/old,"], true]);
  });

  test("MV1 what a client sends to a namespace that the server ended is no breach afterwards either", async () => {
    const [one, other] = [new MemoryServer(), new MemoryServer()];
    const raw = await one.join();
    (sockets(one)[0] as Socket).disconnect();
    move(raw, one, other);
    raw.transmit('42["late"]');
    expect(raw.isOpen).toBe(true);
  });

  test("MV9 a session goes on, and of each room what was sent since it was joined", () => {
    const server = start();
    const { raw, pid, sid } = come(server);
    const [socket] = sockets(server) as [Socket];
    void socket.join("early");
    server.to("late").emit("not for it");
    void socket.join("late");
    move(raw, server);
    server.to("early").emit("one");
    const offset = offsetIn(read(raw)[0]);
    raw.cut();
    server.to("late").emit("two");
    server.to("early").emit("three");
    const back = come(server, { pid, offset });
    expect([back.sid, back.pid]).toEqual([sid, pid]);
    expect(back.missed.map(eventIn)).toEqual(["two", "three"]);
    const [again] = sockets(server) as [Socket];
    expect([again.recovered, again.adopted, [...again.rooms]]).toEqual([
      true,
      false,
      [sid, "early", "late"],
    ]);
  });

  test("MV9 what was sent before a room was joined is not sent to who is lost at once", () => {
    const server = start();
    const { raw, pid } = come(server);
    const [socket] = sockets(server) as [Socket];
    server.to("late").emit("not for it");
    void socket.join("late");
    server.to("late").emit("for it");
    read(raw);
    move(raw, server);
    expect((sockets(server)[0] as Socket).recovered).toBe(false);
    raw.cut();
    expect(come(server, { pid }).missed.map(eventIn)).toEqual(["for it"]);
  });

  test("MV12 data that are broken further in close the connection, and leave no socket behind", async () => {
    const server = new MemoryServer();
    const raw = await server.join();
    const saved = released(server);
    const handler = { ...(saved.handler as SavedPeer), frames: ["b!"] };
    server.engine.revive({ ...saved, handler }, raw);
    expect([raw.isOpen, sockets(server), server.engine.connections.size]).toEqual([false, [], 0]);
    expect(server.surfaced).toEqual([expect.objectContaining({ code: "BASE64" })]);
  });

  test("MV3 a parser that keeps half a packet makes it busy, until the packet is complete", async () => {
    const server = new MemoryServer({ parser: twofold });
    const raw = server.dial();
    const why: unknown[] = [];
    for (const frame of ['4{"type":0,"nsp":"/"}', "4[]", '4{"type":2,"nsp":"/"}', '4[["a"]]']) {
      raw.transmit(frame);
      const saved = connectionOf(server).save();
      why.push(saved.kind === "busy" ? saved.why : saved.kind);
    }
    expect(why).toEqual(["decoding", "saved", "decoding", "saved"]);
  });

  test("MV3 a broadcast, middleware and a parser that keeps a packet make it busy", async () => {
    const server = new MemoryServer();
    const why: unknown[] = [];
    const note = (): void => {
      const saved = connectionOf(server).save();
      why.push(saved.kind === "busy" ? saved.why : saved.kind);
    };
    const raw = await server.join();
    const [socket] = sockets(server) as [Socket];
    socket.onAnyOutgoing(note);
    server.emit("to all");
    server.of("/slow").use(() => {});
    raw.transmit("40/slow,");
    note();
    expect([why, connectionOf(server).isIdle]).toEqual([["broadcasting", "joining"], false]);
    const early = new MemoryServer();
    early.on("connection", () => {
      const saved = connectionOf(early).save();
      why.push(saved.kind === "busy" ? saved.why : saved.kind);
    });
    await early.join();
    expect(why).toEqual(["broadcasting", "joining", "saved"]);
  });
});
