// The decoders alone: engine packets and payloads, and the forms of Socket.IO's packets. What was accepted is encoded again,
// as by an application that relays it.

import type { Codec, PacketDecoder } from "../../../packages/protocol/src/codec.ts";
import { compactJsonCodec } from "../../../packages/protocol/src/compact-json-codec.ts";
import { decodeEnginePacket } from "../../../packages/protocol/src/engine-packet.ts";
import { jsonCodec } from "../../../packages/protocol/src/json-codec.ts";
import { msgpackCodec } from "../../../packages/protocol/src/msgpack-codec.ts";
import { encodeMsgpack } from "../../../packages/protocol/src/msgpack-encoder.ts";
import type { Packet } from "../../../packages/protocol/src/packet.ts";
import { ProtocolError } from "../../../packages/protocol/src/protocol-error.ts";
import { REVISION_3, REVISION_3_TEXT } from "../../../packages/protocol/src/revision-3.ts";
import {
  jsonpFormat,
  REVISION_4,
  type WireFormat,
} from "../../../packages/protocol/src/wire-format.ts";
import type { SeededRandom } from "../../../packages/testkit/src/seeded-random.ts";
import { jsonText, mutatedBytes, mutatedText, NAMES, queryPart, someBytes } from "../grammar.ts";
import { body3, body4, engineFrames, packetFrames } from "../packets.ts";
import type { FuzzSession, Input, Outcome, Surface } from "../surface.ts";

/** Runs it; errors of the protocol are refusals. */
function judged(action: () => void): Outcome {
  try {
    action();
    return "accepted";
  } catch (error) {
    if (error instanceof ProtocolError) return "refused";
    throw error;
  }
}

/** A surface without state. */
function stateless(
  name: string,
  weight: number,
  { feed, make }: { make(random: SeededRandom): Input; feed(input: Input): void },
): Surface {
  const session: FuzzSession = { make, feed: (input) => judged(() => feed(input)), end() {} };
  return { name, weight, open: () => ({ begin: () => session }) };
}

export const enginePackets: Surface = stateless("engine packets", 12, {
  make: (random) => [engineFrames(random)[0] ?? ""],
  feed([frame = ""]) {
    decodeEnginePacket(frame);
    REVISION_3.fromSocket(frame);
  },
});

const JSONP = jsonpFormat(REVISION_4, "0");

function readBody(format: WireFormat, body: string | Uint8Array): void {
  for (const frame of format.decodeBody(body)) decodeEnginePacket(frame);
}

export const payloads4: Surface = stateless("payloads of EIO 4", 12, {
  make(random) {
    const body = body4(random);
    if (random.once(4)) return ["jsonp", `d=${queryPart(body).slice(random.below(3))}`];
    return ["plain", random.once(4) ? mutatedText(random, body) : body];
  },
  feed: ([kind, body = ""]) => readBody(kind === "jsonp" ? JSONP : REVISION_4, body),
});

export const payloads3: Surface = stateless("payloads of EIO 3", 12, {
  make(random) {
    const body = body3(random);
    if (typeof body === "string") return [random.once(4) ? mutatedText(random, body) : body];
    return [random.once(2) ? mutatedBytes(random, body) : body];
  },
  feed: ([body = ""]) => readBody(typeof body === "string" ? REVISION_3_TEXT : REVISION_3, body),
});

class PacketSession implements FuzzSession {
  readonly #codecs: readonly Codec[] = [jsonCodec(), compactJsonCodec];
  readonly #decoders: PacketDecoder[] = this.#codecs.map((codec) => codec.createDecoder());

  make(random: SeededRandom): Input {
    return packetFrames(random);
  }

  feed(input: Input): Outcome {
    let outcome: Outcome = "accepted";
    for (const [at, codec] of this.#codecs.entries()) {
      const ended = judged(() => {
        for (const frame of input) {
          const packet = (this.#decoders[at] as PacketDecoder).add(frame);
          // What the codec of browsers decodes has no limit of depth: who sends it again has to catch what that throws.
          if (packet !== undefined && codec !== compactJsonCodec) relay(codec, packet);
        }
      });
      if (ended === "refused") {
        this.#decoders[at] = codec.createDecoder();
        outcome = ended;
      }
    }
    return outcome;
  }

  end(): void {}
}

/** Encodes a packet again, by its data alone and wrapped. */
function relay(codec: Codec, packet: Packet): void {
  codec.encode({ ...packet, data: packet.data });
  if (Array.isArray(packet.data)) codec.encode({ ...packet, data: ["relayed", packet.data] });
}

export const packets: Surface = {
  name: "Socket.IO packets",
  weight: 20,
  open: () => ({ begin: () => new PacketSession() }),
};

const msgpack = msgpackCodec();
const decoder = msgpack.createDecoder();

export const msgpackPackets: Surface = stateless("MessagePack packets", 12, {
  make(random) {
    const packet = {
      type: random.once(8) ? random.below(8) : random.pick([2, 2, 3]),
      nsp: random.once(4) ? random.pick(NAMES) : "/",
      data: argumentsOf(random),
      ...(random.once(2) && { id: random.pick([0, 1, -1, 1e20, 0.5]) }),
    };
    const bytes = encoded(packet) ?? someBytes(random, 40);
    return [
      random.once(6) ? someBytes(random, 40) : random.once(2) ? mutatedBytes(random, bytes) : bytes,
    ];
  },
  feed([frame = ""]) {
    decoder.reset();
    const packet = decoder.add(frame);
    if (packet !== undefined) relay(msgpack, packet);
  },
});

/** Nothing for data nested too deeply. */
function encoded(value: unknown): Uint8Array | undefined {
  try {
    return encodeMsgpack(value);
  } catch {
    return undefined;
  }
}

/** A list of arguments: what JSON makes of a text, and bytes and dates, which it does not know. */
function argumentsOf(random: SeededRandom): unknown {
  const more = random.pick<unknown>([
    new Uint8Array(3),
    new Date(1e12),
    undefined,
    2 ** 40,
    -(2 ** 40),
  ]);
  try {
    return [random.pick(NAMES), JSON.parse(jsonText(random)), more];
  } catch {
    return random.once(4) ? more : [random.pick(NAMES), more];
  }
}
