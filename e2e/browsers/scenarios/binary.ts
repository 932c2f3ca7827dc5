// Bytes in both directions and in every form that pages hold them in, over both transports.
import { expect } from "vitest";
import type { Scenario } from "../bench.ts";

const bothTransports = ["polling", "websocket"] as const;
const MANY = 500_000;

/** Scenarios. */
export const binary: readonly Scenario[] = bothTransports.flatMap((name): Scenario[] => [
  {
    title: `${name}: sends ArrayBuffer, typed arrays, Blob and File, alone and nested, in their order`,
    async run(bench) {
      const site = await bench.site();
      const tab = await bench.open(site);
      await tab.run(({ connect }, name) => {
        const socket = connect({ transports: [name] });
        const bytes = (...values: number[]) => new Uint8Array(values);
        socket.emit("buffer", bytes(0, 127, 128, 255).buffer);
        socket.emit("view", bytes(1, 2, 3, 4, 5, 6).subarray(2, 4));
        socket.emit("wide", new Uint16Array([1, 0x0203]), new Float64Array(1));
        socket.emit("data view", new DataView(bytes(9, 8, 7, 6).buffer, 1, 2));
        socket.emit("blob", new Blob(["x", bytes(0, 255)]));
        socket.emit("file", new File([bytes(7, 0)], "name.bin", { type: "a/b" }));
        socket.emit("empty", new ArrayBuffer(0), new Blob([]));
        socket.emit(
          "nested",
          { a: [bytes(1), { b: new Blob(["é"]) }], c: "text", d: bytes(2).buffer },
          "between",
          bytes(3),
        );
        socket.emit("after", "text");
      }, name);
      const { inbox } = await site.nextPeer();
      const bytes = (...values: number[]) => Buffer.from(values);
      expect(await inbox.take("buffer")).toEqual([bytes(0, 127, 128, 255)]);
      expect(await inbox.take("view")).toEqual([bytes(3, 4)]);
      expect(await inbox.take("wide")).toEqual([bytes(1, 0, 3, 2), Buffer.alloc(8)]);
      expect(await inbox.take("data view")).toEqual([bytes(8, 7)]);
      expect(await inbox.take("blob")).toEqual([bytes(120, 0, 255)]);
      expect(await inbox.take("file")).toEqual([bytes(7, 0)]);
      expect(await inbox.take("empty")).toEqual([bytes(), bytes()]);
      expect(await inbox.take("nested")).toEqual([
        { a: [bytes(1), { b: bytes(0xc3, 0xa9) }], c: "text", d: bytes(2) },
        "between",
        bytes(3),
      ]);
      expect(await inbox.take("after")).toEqual(["text"]);
    },
  },
  {
    title: `${name}: events keep their order around Blobs, whose bytes have to be read first`,
    async run(bench) {
      const site = await bench.site();
      const tab = await bench.open(site);
      await tab.run(({ connect }, name) => {
        const socket = connect({ transports: [name] });
        const large = new Uint8Array(200_000).fill(5);
        for (let number = 0; number < 12; number += 3) {
          socket.emit("entry", number, new Blob([large]));
          socket.emit("entry", number + 1);
          socket.emit("entry", number + 2, new Uint8Array([number]));
        }
      }, name);
      const { inbox } = await site.nextPeer();
      const entries = await inbox.takeMany("entry", 12);
      expect(entries.map(([number]) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
      expect(entries.filter(([, blob]) => (blob as Buffer)?.length === 200_000)).toHaveLength(4);
    },
  },
  {
    title: `${name}: receives ArrayBuffers, wherever the bytes stand`,
    async run(bench) {
      const site = await bench.site();
      const tab = await bench.open(site);
      await tab.run(({ connect }, name) => void connect({ transports: [name] }), name);
      const { socket } = await site.nextPeer();
      socket.emit("bytes", Buffer.from([0, 128, 255]), { deep: [new Uint8Array([1, 2])] }, "text");
      expect(await tab.take("bytes")).toEqual([
        { ArrayBuffer: [0, 128, 255] },
        { deep: [{ ArrayBuffer: [1, 2] }] },
        "text",
      ]);
    },
  },
  {
    title: `${name}: receives Blobs with binaryType "blob", set before it is in use`,
    async run(bench) {
      const site = await bench.site();
      const tab = await bench.open(site);
      await tab.run(async ({ connect, inbox }, name) => {
        // A WebSocket is told when it is made, which is after an upgrade has begun.
        const transports = name === "websocket" ? ["polling", name] : [name];
        const { engine } = connect({ transports }).io;
        engine.binaryType = "blob";
        await inbox.take(name === "websocket" ? "upgrade" : "connect");
      }, name);
      const { socket } = await site.nextPeer();
      // The page knows of the upgrade before the server does.
      await expect.poll(() => socket.conn.transport.name).toBe(name);
      socket.emit("bytes", Buffer.from([0, 128, 255]));
      expect(await tab.take("bytes")).toEqual([{ Blob: [0, 128, 255], type: "" }]);
    },
  },
  {
    title: `${name}: acknowledges with bytes, in both directions`,
    async run(bench) {
      const site = await bench.site();
      const tab = await bench.open(site);
      await tab.run(({ connect }, name) => {
        connect({ transports: [name] }).on("ask", (given: ArrayBuffer, answer) => {
          answer({ twice: new Blob([given, given]) });
        });
      }, name);
      const { socket } = await site.nextPeer();
      const echoed = await tab.run(async ({ show, socket }) => {
        return await show(await socket.timeout(5000).emitWithAck("echo", new Uint8Array([4, 0])));
      });
      expect(echoed).toEqual({ ArrayBuffer: [4, 0] });
      const answer = await socket.timeout(5000).emitWithAck("ask", Buffer.from([3, 255]));
      expect(answer).toEqual({ twice: Buffer.from([3, 255, 3, 255]) });
    },
  },
  {
    title: `${name}: carries 500 kB of text and of bytes, there and back`,
    async run(bench) {
      const site = await bench.site();
      const tab = await bench.open(site);
      await tab.run(({ connect }, name) => void connect({ transports: [name] }), name);
      const { inbox } = await site.nextPeer();
      const isSame = await tab.run(async ({ socket }, many) => {
        const text = "päyload ".repeat(many / 8);
        const bytes = Uint8Array.from({ length: many }, (_, index) => (index * 7) % 251);
        const sameText = (await socket.emitWithAck("echo", text)) === text;
        const echoed = new Uint8Array(await socket.emitWithAck("echo", bytes));
        socket.emit("blob", new Blob([bytes]));
        return [sameText, echoed.length, echoed.every((byte, index) => byte === bytes[index])];
      }, MANY);
      expect(isSame).toEqual([true, MANY, true]);
      const [blob] = await inbox.take("blob");
      expect((blob as Buffer).length).toBe(MANY);
    },
  },
  {
    title: `${name}: forceBase64 sends bytes as text`,
    async run(bench) {
      const site = await bench.site();
      const tab = await bench.open(site);
      await tab.run(({ connect, inbox }, name) => {
        const { send } = WebSocket.prototype;
        WebSocket.prototype.send = function (data) {
          inbox.push("sent", typeof data);
          send.call(this, data);
        };
        const socket = connect({ transports: [name], forceBase64: true });
        socket.emit("bytes", new Uint8Array([0, 200]), new Blob(["b"]), new Uint8Array([1]).buffer);
      }, name);
      const { inbox } = await site.nextPeer();
      expect(await inbox.take("bytes")).toEqual([
        Buffer.from([0, 200]),
        Buffer.from("b"),
        Buffer.from([1]),
      ]);
      const sent = await tab.run(({ inbox }) => inbox.kept("sent").flat());
      // Joining the namespace, the event, its three attachments; nothing of that by polling.
      expect(sent).toEqual(name === "websocket" ? Array(5).fill("string") : []);
    },
  },
]);
