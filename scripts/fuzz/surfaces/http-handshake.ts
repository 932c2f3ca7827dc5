// WebSocket handshakes: the header values that the server reads, in any form.

import type { SeededRandom } from "../../../packages/testkit/src/seeded-random.ts";
import { portableBytes } from "../../../packages/websocket/src/bytes.ts";
import { answerHandshake, switchingText } from "../../../packages/websocket/src/handshake.ts";
import { portableSha1 } from "../../../packages/websocket/src/sha1.ts";
import { mutatedText, NAMES, numberText } from "../grammar.ts";
import type { Input, Outcome, Surface } from "../surface.ts";

const READ = ["upgrade", "sec-websocket-key", "sec-websocket-version", "sec-websocket-protocol"];
const RIGHT = ["websocket", "dGhlIHNhbXBsZSBub25jZQ==", "13", "chat, superchat"];

function headerValue(random: SeededRandom, right: string): string {
  if (!random.once(3)) return right;
  const kind = random.below(5);
  if (kind === 0) return random.pick(NAMES);
  if (kind === 1) return numberText(random);
  // Runs of blanks and commas, in which a careless expression loses its way.
  if (kind === 2) return `a${random.pick([" ", "\t", ",", ", "]).repeat(random.below(8000))}b`;
  return mutatedText(random, right);
}

function feed([method, ...values]: Input): Outcome {
  const header = (name: string): string | undefined =>
    values[READ.indexOf(name)] as string | undefined;
  const answer = answerHandshake({ method: String(method), header }, portableSha1);
  if (answer.kind === "refused") return "refused";
  switchingText(answer, {}, portableBytes);
  return "accepted";
}

export const handshakes: Surface = {
  name: "WebSocket handshakes",
  weight: 6,
  open: () => ({
    begin: () => ({
      make: (random) => [
        random.once(20) ? "POST" : "GET",
        ...RIGHT.map((right) => headerValue(random, right)),
      ],
      feed,
      end() {},
    }),
  }),
};
