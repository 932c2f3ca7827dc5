// Packets of Socket.IO and of Engine.IO, valid and almost valid.

import { toBase64 } from "../../packages/protocol/src/base64.ts";
import type { SeededRandom } from "../../packages/testkit/src/seeded-random.ts";
import {
  jsonText,
  mutatedText,
  namespaceText,
  nameText,
  numberText,
  someBytes,
} from "./grammar.ts";
import type { Input } from "./surface.ts";

/** The frames of a Socket.IO packet, without Engine.IO's type: a text, and often attachments. */
export function packetFrames(random: SeededRandom): Input {
  const kind = random.below(12);
  const nsp = namespaceText(random);
  if (kind < 4) return [changed(random, `2${nsp}${idText(random)}${eventText(random)}`)];
  if (kind === 4) return [changed(random, `0${nsp}${random.once(2) ? "" : jsonText(random)}`)];
  if (kind === 5) return [changed(random, `3${nsp}${idText(random)}[${jsonText(random)}]`)];
  if (kind === 6) return [changed(random, `1${nsp}`)];
  if (kind === 7) return [changed(random, `4${nsp}{"message":${jsonText(random)}}`)];
  if (kind === 8) return [changed(random, `${random.below(10)}${nsp}${jsonText(random)}`)];
  if (kind === 9) return [someBytes(random, 8)];
  return binaryFrames(random, nsp);
}

function binaryFrames(random: SeededRandom, nsp: string): Input {
  const count = random.below(4);
  const announced = random.once(4) ? numberText(random) : String(count);
  const holders = Array.from(
    { length: count },
    (_, num) => `,{"_placeholder":true,"num":${random.once(6) ? numberText(random) : num}}`,
  );
  const type = random.once(4) ? "6" : "5";
  const text = `${type}${announced}-${nsp}${idText(random)}[${nameText(random)}${holders.join("")}]`;
  const attachments = Array.from({ length: random.once(6) ? random.below(5) : count }, () =>
    someBytes(random, 16),
  );
  return [changed(random, text), ...attachments];
}

function idText(random: SeededRandom): string {
  return random.once(2) ? "" : random.once(2) ? String(random.below(20)) : numberText(random);
}

function eventText(random: SeededRandom): string {
  if (random.once(20)) return jsonText(random);
  const name = random.once(20) ? jsonText(random) : nameText(random);
  return random.once(3) ? `[${name}]` : `[${name},${jsonText(random)}]`;
}

function changed(random: SeededRandom, text: string): string {
  return random.once(6) ? mutatedText(random, text) : text;
}

/** The frames of an Engine.IO packet of revision 4, as a WebSocket carries them. */
export function engineFrames(random: SeededRandom): Input {
  const kind = random.below(16);
  if (kind === 0) return [changed(random, `b${toBase64(someBytes(random, 12))}`)];
  if (kind === 1) return [changed(random, "2probe")];
  if (kind === 2) return [random.pick(["2", "3", "5", "6", "", "7", "0{}", "3probe"])];
  if (kind === 3 && random.once(8)) return ["1"];
  return packetFrames(random).map((frame) => (typeof frame === "string" ? `4${frame}` : frame));
}

/** A body of polling in revision 4. */
export function body4(random: SeededRandom): string {
  const parts: string[] = [];
  for (let count = 1 + random.below(4); count > 0; count--) {
    for (const frame of engineFrames(random)) {
      parts.push(typeof frame === "string" ? frame : `b${toBase64(frame)}`);
    }
  }
  return changed(random, parts.join("\u001e"));
}

/** A body of polling in revision 3, as text or as bytes. */
export function body3(random: SeededRandom): string | Uint8Array {
  const frames = Array.from({ length: 1 + random.below(3) }, () => engineFrames(random)).flat();
  if (random.once(2)) {
    const texts = frames.map((frame) =>
      typeof frame === "string" ? frame : `b4${toBase64(frame)}`,
    );
    return changed(random, texts.map((text) => `${text.length}:${text}`).join(""));
  }
  const bytes: number[] = [];
  for (const frame of frames) {
    const isText = typeof frame === "string";
    const data = isText ? new TextEncoder().encode(frame) : Uint8Array.of(4, ...frame);
    const length = random.once(10) ? numberText(random) : String(data.length);
    bytes.push(isText ? 0 : 1, ...[...length].map((digit) => digit.charCodeAt(0) - 0x30), 0xff);
    bytes.push(...data);
  }
  return Uint8Array.from(bytes);
}
