// What a socket keeps while it is not connected: how much, and for how long.

import { describe, expect, test, vi } from "vitest";
import { fakePlatform, handshake } from "../testing/fake-transport.ts";
import { Manager } from "./manager.ts";
import type { SocketOptions } from "./options.ts";

function start(options: SocketOptions = {}) {
  const platform = fakePlatform("websocket");
  const manager = new Manager("http://here", { reconnectionDelay: 1 }, platform);
  const socket = manager.socket("/", options);
  const overflow: unknown[] = [];
  manager.on("overflow", (packet: { data: unknown }) => void overflow.push(packet.data));
  return { manager, socket, overflow, latest: () => platform.made.at(-1)! };
}

describe("a full send buffer", () => {
  test("CL101 takes no more events; the manager tells of each", () => {
    const { socket, overflow, latest } = start({ maxSendBufferLength: 2 });
    socket.emit("a").emit("b").emit("c", 1).emit("d");
    expect(overflow).toEqual([["c", 1], ["d"]]);
    latest().receive(handshake());
    latest().receive('40{"sid":"S"}');
    latest().drain();
    expect(latest().sent).toEqual(["40", '42["a"]', '42["b"]']);
    latest().drain();
    socket.emit("e");
    expect(latest().sent).toHaveLength(4);
    expect(overflow).toHaveLength(2);
  });

  test("CL101 acknowledgements fail at once, those that take no error are forgotten", async () => {
    const { socket } = start({ maxSendBufferLength: 0 });
    const plain = vi.fn();
    const withError = vi.fn();
    socket.emit("a", plain);
    socket.timeout(1000).emit("b", withError);
    await expect(socket.emitWithAck("c")).rejects.toThrow("send buffer is full");
    expect(withError).toHaveBeenCalledExactlyOnceWith(new Error("send buffer is full"));
    expect(plain).not.toHaveBeenCalled();
  });

  test("CL101 bounds the line of events to be retried as well", () => {
    const { socket, overflow } = start({ maxSendBufferLength: 1, retries: 1 });
    const ack = vi.fn();
    socket.emit("a").emit("b", ack);
    expect(overflow).toEqual([["b", ack]]);
    expect(ack).toHaveBeenCalledExactlyOnceWith(new Error("send buffer is full"));
  });

  test("CL101 is far away unless an application says otherwise", () => {
    const { socket, overflow } = start();
    for (let at = 0; at < 100_001; at++) socket.emit("x", at);
    expect(socket.sendBuffer).toHaveLength(100_000);
    expect(overflow).toEqual([["x", 100_000]]);
  });

  test("CL4 a length that is no number is refused", () => {
    expect(() => start({ maxSendBufferLength: "many" as never })).toThrow(TypeError);
  });
});

test("CL100 kept events are sent in order when the namespace is joined, before `connect`", () => {
  const { socket, latest } = start();
  socket.emit("a").emit("b");
  socket.on("connect", () => socket.emit("c"));
  latest().receive(handshake());
  latest().drain();
  expect(latest().sent).toEqual(["40"]);
  latest().receive('40{"sid":"S"}');
  latest().drain();
  expect(latest().sent).toEqual(["40", '42["a"]', '42["b"]', '42["c"]']);
  expect(socket.sendBuffer).toEqual([]);
});

test("CL93 events that came before the answer, on a connection that is lost, are not delivered twice", async () => {
  const { socket, latest } = start();
  const heard: unknown[] = [];
  socket.on("missed", (value: unknown) => void heard.push(value));
  latest().receive(handshake());
  latest().receive('42["missed",1]');
  expect(socket.receiveBuffer).toHaveLength(1);
  latest().sink.onClose({ description: "gone" });
  expect(socket.receiveBuffer).toEqual([]);
  await vi.waitUntil(() => latest().calls[0] === "open" && !latest().sent.length);
  latest().receive(handshake());
  latest().receive('42["missed",1]');
  latest().receive('40{"sid":"S"}');
  expect(heard).toEqual([1]);
});
