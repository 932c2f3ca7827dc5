// Methods of Socket.IO's client that packages replace or call although they are not documented: `onevent` and `ack` of a
// socket, `emit` of the Manager's class.

import type { Socket } from "socket.io-client";
import { describe, test } from "vitest";
import { same } from "../../testing/both-clients.ts";
import { next } from "../../testing/socket-io-server.ts";

type Packet = { id?: number; data: unknown[] };

/** The methods that the tests touch. */
interface Inner extends Omit<Socket, "onevent" | "ack"> {
  onevent(packet: Packet): void;
  ack(id: number): (...args: unknown[]) => void;
}

describe("methods that packages replace", () => {
  test("CL116 onevent that was replaced gets each event, and decides what is raised", () =>
    same(async ({ connect, server, note }) => {
      const client = connect({ transports: ["websocket"] }) as unknown as Inner;
      const original = client.onevent;
      client.onevent = function (packet) {
        note(packet.data[0], packet.data.length, packet.id === undefined);
        original.call(this, packet);
        original.call(this, { data: ["*", ...packet.data] });
      };
      client.onAny((name: string) => note("any", name));
      client.on("*", (name: string, value: unknown) => note("star", name, value));
      client.on("x", (value: unknown) => note("x", value));
      const [socket] = await next(server.io, "connection");
      socket.emit("x", 1);
      socket.emit("end", 2);
      await next(client, "end");
    }));

  test("CL116 ack(id) acknowledges once, and emit of the Manager's class raises on a socket", () =>
    same(async ({ connect, server, note }) => {
      const client = connect({ transports: ["websocket"] }) as unknown as Inner;
      client.onevent = function (packet) {
        const { emit } = Object.getPrototypeOf(this.io) as { emit(...args: unknown[]): void };
        const answer = this.ack(packet.id as number);
        answer("first");
        answer("second");
        emit.call(this, "*", packet.data[0]);
      };
      client.on("*", (name: string) => note("star", name));
      const [socket] = await next(server.io, "connection");
      note(await socket.timeout(2000).emitWithAck("x"));
    }));

  test("CL116 _reconnecting of the Manager, before a loss, during attempts and after", () =>
    same(async ({ connect, server, note }) => {
      const client = connect({ transports: ["websocket"], reconnection: true });
      const { io } = client;
      const say = (when: string) =>
        note(when, Boolean((io as { _reconnecting?: boolean })._reconnecting));
      say("connecting");
      io.on("reconnect_attempt", () => say("attempt"));
      const [[socket]] = await Promise.all([
        next(server.io, "connection"),
        next(client, "connect"),
      ]);
      say("open");
      const back = next(client, "connect");
      socket.conn.close();
      await back;
      say("open again");
    }));

  test("CL116 what a replaced onevent throws is uncaught, and the connection stays", () =>
    same(async ({ connect, server, note }) => {
      const client = connect({ transports: ["websocket"] }) as unknown as Inner;
      const original = client.onevent;
      const listeners = process.listeners("uncaughtException");
      process.removeAllListeners("uncaughtException");
      process.on("uncaughtException", (error) => note("uncaught", error.message));
      client.onevent = function (packet) {
        if (packet.data[0] === "bad") throw new Error("of a package");
        original.call(this, packet);
      };
      const [socket] = await next(server.io, "connection");
      socket.emit("bad");
      socket.emit("end", 1);
      await next(client, "end");
      note(client.connected);
      process.removeAllListeners("uncaughtException");
      for (const listener of listeners) process.on("uncaughtException", listener);
    }));
});
