// Parsers written for Socket.IO in the place of the codec; Socket.IO's own is one of them.

import * as standard from "socket.io-parser";
import { describe, expect, test } from "vitest";
import { type CustomParser, codecOf, isCustomParser } from "./custom-parser.ts";
import { jsonCodec } from "./json-codec.ts";
import { type Packet, PacketType } from "./packet.ts";

/** Writes whole packets as JSON; gives out two packets for each frame of two lines. */
const lines: CustomParser = {
  Encoder: class {
    encode(packet: Packet): string[] {
      return [JSON.stringify(packet)];
    }
  },
  Decoder: class {
    #listener: (packet: Packet) => void = () => {};
    on(_event: "decoded", listener: (packet: Packet) => void): void {
      this.#listener = listener;
    }
    add(chunk: string): void {
      for (const line of chunk.split("\n")) this.#listener(JSON.parse(line) as Packet);
    }
    destroy(): void {
      this.#listener = () => {};
    }
  },
};

const packet: Packet = { type: PacketType.EVENT, nsp: "/", data: ["e", 1] };

function collected(parser: CustomParser): {
  packets: Packet[];
  decoder: ReturnType<ReturnType<typeof codecOf>["createDecoder"]>;
} {
  const packets: Packet[] = [];
  const decoder = codecOf(parser).createDecoder({ onPacket: (each) => packets.push(each) });
  return { packets, decoder };
}

describe("custom parsers", () => {
  test("PR56 their frames are sent as they are", () => {
    expect(codecOf(lines).encode(packet)).toEqual([JSON.stringify(packet)]);
  });

  test("PR56 their packets come when they are ready, several at a time", () => {
    const { packets, decoder } = collected(lines);
    const line = JSON.stringify(packet);
    expect(decoder.add(`${line}\n${line}`)).toBeUndefined();
    expect(packets).toEqual([packet, packet]);
    decoder.reset();
    decoder.add(line);
    expect(packets).toHaveLength(2);
  });

  test("PR56 what they throw comes through", () => {
    const { decoder } = collected(lines);
    expect(() => decoder.add("{")).toThrow(SyntaxError);
  });

  test("PR56 Socket.IO's own parser, with attachments", () => {
    const { packets, decoder } = collected(standard as unknown as CustomParser);
    const binary = { ...packet, data: ["e", Uint8Array.of(1, 2)] };
    for (const frame of jsonCodec().encode(binary) as Iterable<string>) decoder.add(frame);
    expect(packets.map(({ data }) => data)).toEqual([binary.data]);
    const encoded = codecOf(standard as unknown as CustomParser).encode(structuredClone(binary));
    expect(encoded).toEqual(jsonCodec().encode(binary));
  });

  test.each([
    [standard, true],
    [lines, true],
    [{ Encoder: class {} }, false],
    [{ Encoder: {}, Decoder: {} }, false],
    [null, false],
    [undefined, false],
    ["parser", false],
  ])("PR56 case %# is a parser: %s", (value, isParser) => {
    expect(isCustomParser(value)).toBe(isParser);
  });
});
