// What passes on events undecoded, and what makes it decode them.

import { Adapter, type BroadcastOptions } from "@sockeye/adapter";
import { msgpackCodec, type Packet, passedFrames } from "@sockeye/protocol";
import type { MemorySocket } from "@sockeye/testkit";
import { describe, expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import { come, offsetIn, read, start } from "../../test/recovering.ts";
import type { Socket } from "./socket.ts";

/** Not as JSON.stringify writes it: decoding and encoding again would change it. */
const TEXT = '42["cursor", {"x":1.0} ]';
const AGAIN = '42["cursor",{"x":1}]';

interface Meeting {
  readonly server: MemoryServer;
  readonly sender: MemorySocket;
  readonly receiver: MemorySocket;
  readonly socket: Socket;
}

/** Two clients in the main namespace; the socket is that of the first. */
async function meet(server = new MemoryServer()): Promise<Meeting> {
  const sender = await server.join();
  const [socket] = [...server.sockets.sockets.values()] as [Socket];
  const receiver = await server.join();
  return { server, sender, receiver, socket };
}

/** What the receiver got for what the sender sent. */
function passed({ receiver, sender }: Meeting, ...frames: (string | Uint8Array)[]): unknown[] {
  for (const frame of frames) sender.transmit(frame);
  return read(receiver);
}

/** Whether an event arrives as it came. */
function isDirect(meeting: Meeting): boolean {
  const [got, ...more] = passed(meeting, TEXT);
  expect(more).toEqual([]);
  expect([TEXT, AGAIN]).toContain(got);
  return got === TEXT;
}

describe("SO81 an event arrives as it came", () => {
  test("text, at everybody else by default", async () => {
    const meeting = await meet();
    meeting.socket.relay("cursor");
    expect(isDirect(meeting)).toBe(true);
    expect(read(meeting.sender)).toEqual([]);
    expect(passed(meeting, '42["other"]')).toEqual([]);
    await meeting.server.end();
  });

  test("attachments too, each copied for nobody", async () => {
    const meeting = await meet();
    meeting.socket.relay("cursor");
    const frames = [
      '452-["cursor", {"_placeholder":true,"num":1},{"num":0,"_placeholder":true}]',
      new Uint8Array([1, 2]),
      new Uint8Array([3]),
    ];
    const got = passed(meeting, ...frames);
    expect(got).toEqual(frames);
    expect(got[1]).toBe(frames[1]);
    await meeting.server.end();
  });

  test("at the sockets of an operator, with its flags", async () => {
    const meeting = await meet();
    const { receiver, server, socket } = meeting;
    const third = await server.join();
    const rooms = [...server.sockets.sockets.keys()];
    socket.relay("cursor", socket.to(rooms[2] as string));
    expect(passed(meeting, TEXT)).toEqual([]);
    expect(read(third)).toEqual([TEXT]);
    socket.relay("cursor", server.except(rooms[2] as string).volatile);
    receiver.pause();
    socket.to(rooms[1] as string).emit("waits");
    expect(passed(meeting, TEXT)).toEqual([]);
    expect(read(meeting.sender)).toEqual([TEXT]);
    receiver.resume();
    expect([read(receiver), read(third)]).toEqual([['42["waits"]'], []]);
    await server.end();
  });

  test("in a namespace other than the main one, and nothing of others", async () => {
    const server = new MemoryServer();
    server.of("/board");
    const sender = await server.join("/", "/board");
    const receiver = await server.join("/", "/board");
    const [socket] = [...server.of("/board").sockets.values()];
    socket?.relay("cursor");
    sender.transmit(TEXT);
    sender.transmit('42/board,["cursor", 1.0]');
    expect(read(receiver)).toEqual(['42/board,["cursor", 1.0]']);
    await server.end();
  });

  test("until it is ended, replaced, or its listeners are removed", async () => {
    const meeting = await meet();
    const { socket } = meeting;
    socket.relay("cursor", socket.to("nowhere")).relay("cursor");
    expect(socket.listenerCount("cursor")).toBe(1);
    expect(isDirect(meeting)).toBe(true);
    socket.relay("cursor", null);
    expect(passed(meeting, TEXT)).toEqual([]);
    expect(socket.listenerCount("cursor")).toBe(0);
    socket.relay("cursor");
    socket.removeAllListeners("cursor");
    expect(passed(meeting, TEXT)).toEqual([]);
    await meeting.server.end();
  });

  test("never under a name of the library", async () => {
    const { server, socket } = await meet();
    expect(() => socket.relay("disconnect")).toThrow(
      expect.objectContaining({ code: "ERR_RESERVED_EVENT" }),
    );
    await server.end();
  });
});

describe("SO82 what would see the event makes the server decode it", () => {
  const cases: Record<string, (meeting: Meeting) => unknown> = {
    "middleware of the socket": ({ socket }) => socket.use((_, next) => next()),
    "a catch-all listener": ({ socket }) => socket.onAny(() => {}),
    "another listener": ({ socket }) => socket.on("cursor", () => {}),
    "a replaced onevent": ({ socket }) => {
      const { onevent } = socket;
      socket.onevent = (packet) => onevent.call(socket, packet);
    },
    "a replaced _onpacket": ({ socket }) => {
      const { _onpacket } = socket;
      socket._onpacket = (packet) => _onpacket.call(socket, packet);
    },
    "a replaced dispatch": ({ socket }) => {
      const { dispatch } = socket;
      socket.dispatch = (event) => dispatch.call(socket, event);
    },
    "a listener of the point packetReceived": ({ server }) =>
      server.diagnostics.core.packetReceived.subscribe(() => {}),
  };
  test.each(Object.entries(cases))("%s", async (_, look) => {
    const meeting = await meet();
    meeting.socket.relay("cursor");
    expect(isDirect(meeting)).toBe(true);
    look(meeting);
    expect(isDirect(meeting)).toBe(false);
    await meeting.server.end();
  });

  test("and no more when nothing sees it any more", async () => {
    const meeting = await meet();
    const { socket } = meeting;
    const listener = (): void => {};
    socket.relay("cursor").on("cursor", listener).onAny(listener);
    expect(isDirect(meeting)).toBe(false);
    socket.off("cursor", listener).offAny(listener);
    expect(isDirect(meeting)).toBe(true);
    await meeting.server.end();
  });

  test("middleware changes and refuses it", async () => {
    const meeting = await meet();
    const { socket } = meeting;
    const errors: string[] = [];
    socket.on("error", (error: Error) => errors.push(error.message));
    socket.relay("cursor").use((event, next) => {
      event[1] = "changed";
      next(event[0] === "cursor" && event.length > 2 ? new Error("too much") : undefined);
    });
    expect(passed(meeting, TEXT)).toEqual(['42["cursor","changed"]']);
    expect(passed(meeting, '42["cursor",1,2]')).toEqual([]);
    expect(errors).toEqual(["too much"]);
    await meeting.server.end();
  });

  test("when it comes between an event and its attachment, it sees the event", async () => {
    const meeting = await meet();
    const seen: unknown[] = [];
    const bytes = new Uint8Array([1]);
    meeting.socket.relay("cursor");
    meeting.sender.transmit('451-["cursor", {"_placeholder":true,"num":0}]');
    meeting.socket.onAny((...args: unknown[]) => seen.push(args));
    expect(passed(meeting, bytes)).toEqual([
      '451-["cursor",{"_placeholder":true,"num":0}]',
      ...[bytes],
    ]);
    expect(seen).toEqual([["cursor", bytes]]);
    await meeting.server.end();
  });

  test("an operator of another namespace", async () => {
    const server = new MemoryServer();
    server.of("/board");
    const meeting = await meet(server);
    const other = await server.join("/board");
    meeting.socket.relay("cursor", server.of("/board").volatile);
    expect(passed(meeting, TEXT)).toEqual([]);
    expect(read(other)).toEqual(['42/board,["cursor",{"x":1}]']);
    await server.end();
  });

  test("a codec that cannot read undecoded events", async () => {
    const server = new MemoryServer({ parser: msgpackCodec() });
    const codec = msgpackCodec();
    const [sender, receiver] = [server.dial(), server.dial()];
    for (const raw of [sender, receiver])
      raw.transmit(codec.encode({ type: 0, nsp: "/" }) as Uint8Array);
    const [socket] = [...server.sockets.sockets.values()] as [Socket];
    await receiver.next();
    socket.relay("cursor");
    const sent = codec.encode({ type: 2, nsp: "/", data: ["cursor", 1] }) as Uint8Array;
    expect(passed({ server, sender, receiver, socket }, sent)).toEqual([sent]);
    await server.end();
  });
});

describe("SO83 an event that asks for an acknowledgement", () => {
  test("is decoded, passed on without it, and answered with nothing", async () => {
    const meeting = await meet();
    meeting.socket.relay("cursor");
    expect(passed(meeting, '427["cursor", 1.0]')).toEqual(['42["cursor",1]']);
    expect(read(meeting.sender)).toEqual(["437[]"]);
    await meeting.server.end();
  });

  test("is answered by another listener, where there is one", async () => {
    const meeting = await meet();
    meeting.socket.relay("cursor").on("cursor", (_: number, answer: (text: string) => void) => {
      answer("mine");
    });
    expect(passed(meeting, '427["cursor", 1.0]')).toEqual(['42["cursor",1]']);
    expect(read(meeting.sender)).toEqual(['437["mine"]']);
    await meeting.server.end();
  });
});

describe("SO84 nothing that decoding would refuse reaches a receiver", () => {
  test.each([
    ...['42["cursor",]', '42["cursor"]]', '42["cursor",{"x":01}]', '42["cursor","\n"]'],
    ...['451-["cursor",{"_placeholder":true,"num":1}]', '4510001-["cursor"]', '450-["cursor"]'],
    `42["cursor",${"[".repeat(1001)}${"]".repeat(1001)}]`,
  ])("%.60s closes the connection", async (frame) => {
    const meeting = await meet();
    const errors: Error[] = [];
    meeting.socket.relay("cursor").on("error", (error: Error) => errors.push(error));
    expect(passed(meeting, frame, new Uint8Array([1]))).toEqual([]);
    await expect(meeting.sender.closed).resolves.toBe(1005);
    expect(errors).toHaveLength(1);
    await meeting.server.end();
  });

  test("text in the place of an attachment closes the connection, and bytes that nobody waits for", async () => {
    for (const frames of [
      ['452-["cursor",{"_placeholder":true,"num":1}]', new Uint8Array([1]), '42["cursor"]'],
      [new Uint8Array([1])],
    ]) {
      const meeting = await meet();
      meeting.socket.relay("cursor");
      expect(passed(meeting, ...frames)).toEqual([]);
      await expect(meeting.sender.closed).resolves.toBe(1005);
      await meeting.server.end();
    }
  });

  test("an event whose attachments do not all come is forgotten", async () => {
    const meeting = await meet();
    meeting.socket.relay("cursor");
    meeting.sender.transmit('452-["cursor",{"_placeholder":true,"num":1}]');
    meeting.sender.terminate();
    expect(read(meeting.receiver)).toEqual([]);
    await meeting.server.end();
  });

  test("a socket that has left the namespace passes nothing on, one that joins again its own", async () => {
    const meeting = await meet();
    const { sender, server, socket } = meeting;
    socket.relay("cursor").relay("other");
    socket.disconnect();
    expect(passed(meeting, TEXT)).toEqual([]);
    sender.transmit("40");
    const [, again] = [...server.sockets.sockets.values()] as [Socket, Socket];
    expect(passed(meeting, TEXT)).toEqual([]);
    again.relay("cursor");
    expect(isDirect(meeting)).toBe(true);
    expect(passed(meeting, '42["other"]')).toEqual([]);
    await server.end();
  });
});

describe("SO85 who must have the packet gets it", () => {
  test("an adapter that does not look at the data sends it as it came", async () => {
    const rooms: unknown[] = [];
    class Counting extends Adapter {
      override broadcast(packet: Packet, options: BroadcastOptions): void {
        rooms.push([packet.type, packet.nsp, packet.id, [...options.rooms]]);
        super.broadcast(packet, options);
      }
    }
    const meeting = await meet(new MemoryServer({ adapter: Counting }));
    const { id } = [...meeting.server.sockets.sockets.values()][1] as Socket;
    meeting.socket.relay("cursor", meeting.socket.to(id));
    expect(isDirect(meeting)).toBe(true);
    expect(rooms).toEqual([[2, "/", undefined, [id]]]);
    await meeting.server.end();
  });

  test.each<[string, (packet: Packet) => unknown, string]>([
    ["reads", (packet) => JSON.stringify(packet), AGAIN],
    [
      "changes in place",
      ({ data }) => (data as unknown[]).push("more"),
      '42["cursor",{"x":1},"more"]',
    ],
  ])("one that %s the data sends what it has made of it", async (_, look, sent) => {
    class Looking extends Adapter {
      override broadcast(packet: Packet, options: BroadcastOptions): void {
        look(packet);
        super.broadcast(packet, options);
      }
    }
    const meeting = await meet(new MemoryServer({ adapter: Looking }));
    meeting.socket.relay("cursor");
    expect(passed(meeting, TEXT)).toEqual([sent]);
    await meeting.server.end();
  });

  test("what an adapter throws is an error of the application, as in a listener", async () => {
    const meeting = await meet();
    const fault = new Error("away");
    meeting.server.of("/").adapter.broadcast = () => {
      throw fault;
    };
    meeting.socket.relay("cursor");
    expect(passed(meeting, TEXT)).toEqual([]);
    expect(meeting.server.surfaced).toEqual([fault]);
    await meeting.server.end();
  });

  test("catch-all listeners for outgoing events, and the point broadcastSent", async () => {
    const meeting = await meet();
    const [, receiving] = [...meeting.server.sockets.sockets.values()] as [Socket, Socket];
    const seen: unknown[] = [];
    receiving.onAnyOutgoing((...args: unknown[]) => seen.push(args));
    meeting.server.diagnostics.core.broadcastSent.subscribe(({ packet }) => seen.push(packet.data));
    meeting.socket.relay("cursor");
    expect(isDirect(meeting)).toBe(true);
    expect(seen).toEqual([...Array(2)].map(() => ["cursor", { x: 1 }]));
    await meeting.server.end();
  });

  test("the log of recovery keeps it as it came, with its offset", async () => {
    const server = start();
    const sender = come(server);
    const receiver = come(server);
    const [socket] = [...server.sockets.sockets.values()] as [Socket];
    let encoded = 0;
    const { adapter } = server.of("/");
    const { broadcast } = adapter;
    adapter.broadcast = (packet, options) => {
      if (passedFrames(packet) === undefined) encoded++;
      broadcast.call(adapter, packet, options);
    };
    socket.relay("cursor");
    sender.raw.transmit(TEXT);
    const [first] = read(receiver.raw);
    const offset = offsetIn(first);
    expect(first).toBe(`42["cursor", {"x":1.0} ,"${offset}"]`);
    receiver.raw.terminate();
    const bytes = new Uint8Array([7]);
    sender.raw.transmit('451-["cursor",{"_placeholder":true,"num":0} ]');
    sender.raw.transmit(bytes);
    socket.relay("cursor", socket.broadcast.volatile);
    sender.raw.transmit('42["cursor","text"]');
    const again = come(server, { pid: receiver.pid, offset });
    expect(again.sid).toBe(receiver.sid);
    const [head, attachment] = again.missed;
    expect(head).toBe(
      `451-["cursor",{"_placeholder":true,"num":0} ,"${offsetIn(String(head).replace("451-", "42"))}"]`,
    );
    expect(attachment).toEqual(bytes);
    expect(again.missed).toHaveLength(2);
    sender.raw.transmit('42["cursor","text"]');
    sender.raw.transmit('42["cursor",1.0]');
    const [text, number] = read(again.raw);
    expect(text).toBe(`42["cursor","text","${offsetIn(text)}"]`);
    expect(number).toBe('42["cursor",1.0]');
    expect(encoded).toBe(0);
    await server.end();
  });
});
