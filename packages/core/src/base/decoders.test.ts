// Connections that share a decoder hear only what is theirs; decoders that cannot be shared are not.

import { type Codec, jsonCodec, type PacketDecoder } from "@sockeye/protocol";
import { expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";

/** A server whose sockets note what they hear, and a codec that counts its decoders. */
function listening(wrap: (decoder: PacketDecoder) => PacketDecoder = (decoder) => decoder): {
  server: MemoryServer;
  heard: unknown[][];
  made: PacketDecoder[];
} {
  const heard: unknown[][] = [];
  const made: PacketDecoder[] = [];
  const codec: Codec = {
    ...jsonCodec(),
    createDecoder() {
      const decoder = wrap(jsonCodec().createDecoder());
      made.push(decoder);
      return decoder;
    },
  };
  const server = new MemoryServer({ parser: codec });
  server.on("connection", (socket) => {
    socket.onAny((...args: unknown[]) => void heard.push(args));
  });
  return { server, heard, made };
}

const HALF = '451-["bytes",{"_placeholder":true,"num":0}]';

test("SO73 one decoder serves every connection that has no packet half sent", async () => {
  const { server, heard, made } = listening();
  const peers = [await server.join(), await server.join(), await server.join()];
  for (const peer of peers) peer.transmit('42["x"]');
  expect(heard).toEqual([["x"], ["x"], ["x"]]);
  expect(made.length).toBe(1);
});

test("SO73 packets that arrive in parts, at the same time and among others, come together each for itself", async () => {
  const { server, heard } = listening();
  const [a, b, c] = [await server.join(), await server.join(), await server.join()];
  a.transmit(HALF);
  b.transmit(HALF);
  c.transmit('42["whole"]');
  b.transmit(Uint8Array.of(2));
  a.transmit(Uint8Array.of(1));
  a.transmit('42["after"]');
  expect(heard).toEqual([
    ["whole"],
    ["bytes", Uint8Array.of(2)],
    ["bytes", Uint8Array.of(1)],
    ["after"],
  ]);
});

test("SO73 what one peer does wrong, or leaves undone, harms no other", async () => {
  const { server, heard } = listening();
  const [half, broken, stray, good] = [
    await server.join(),
    await server.join(),
    await server.join(),
    await server.join(),
  ];
  half.transmit(HALF);
  half.cut();
  broken.transmit("4{}");
  stray.transmit(Uint8Array.of(1));
  good.transmit('42["x"]');
  expect([broken.isOpen, stray.isOpen, good.isOpen]).toEqual([false, false, true]);
  expect(heard).toEqual([["x"]]);
});

test("SO73 a decoder that does not tell whether it is busy serves one connection", async () => {
  const { server, heard, made } = listening((decoder) => ({
    add: (frame) => decoder.add(frame),
    reset: () => decoder.reset(),
  }));
  const [a, b] = [await server.join(), await server.join()];
  a.transmit(HALF);
  b.transmit('42["x"]');
  a.transmit(Uint8Array.of(1));
  expect(made.length).toBe(2);
  expect(heard).toEqual([["x"], ["bytes", Uint8Array.of(1)]]);
});
