// Stands where a language model would: an answer that comes word by word. Replace `answerTo` by the stream of a real one.

import { setTimeout as delay } from "node:timers/promises";

const PARAGRAPHS = [
  "The text that you are reading is not made by this page. The server writes it, piece by piece, and keeps what it has written; the page only shows it.",
  "That is why a reload changes nothing. The new page connects, gets the whole conversation in one event, and goes on with the pieces that follow. Each piece says where it begins, so a page that has missed one asks for everything again instead of showing a gap.",
  "Questions are safe as well. They wait in the browser's own database until the server has acknowledged them. Switch your network off, ask, close the tab: the question is sent when you come back, and once only, because its id stays the same.",
];

/**
 * Pieces of an answer.
 * @param pauseMs between two of them
 */
export async function* answerTo(
  question: string,
  { pauseMs, signal }: { pauseMs: number; signal: AbortSignal },
): AsyncGenerator<string> {
  const text = [`You asked: “${question}”`, ...PARAGRAPHS].join("\n\n");
  for (const word of text.match(/\S+\s*/g) ?? []) {
    await delay(pauseMs);
    if (signal.aborted) return;
    yield word;
  }
}
