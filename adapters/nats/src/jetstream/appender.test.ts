// What a writer does when JetStream has kept its messages in another order, or nobody can know whether it has. Played by hand:
// a real server does it only while a cluster of them changes its leader.

import { expect, test } from "vitest";
import { Appender } from "./appender.ts";
import type { History } from "./history.ts";
import type { JetStreamLink } from "./link.ts";
import { namesOf } from "./names.ts";

const names = namesOf("key");
const END = { epoch: "old", offset: 10 };
const batch = (first: number, ...texts: string[]) => ({
  writer: "w",
  first,
  messages: texts.map((text) => new TextEncoder().encode(text)),
});

interface Script {
  /** The numbers in the log that published messages get; a text is why one is refused. */
  readonly answers: (number | string)[];
  /** What the log has of the writer: the number of each message, and its number in the log. */
  readonly kept?: readonly (readonly [number: number, offset: number])[];
  /** The first entry that is still there. */
  readonly first?: number;
}

/** An appender over a scripted JetStream. */
function scripted({ answers, first = 1, kept = [] }: Script) {
  const published: string[] = [];
  const renewed: string[] = [];
  let take: (message: object) => void = () => {};
  const link = {
    complete: new Set([names.log.name]),
    maxPayload: 1000,
    async publish(_: string, payload: Uint8Array): Promise<number> {
      published.push(new TextDecoder().decode(payload));
      const answer = answers.shift();
      if (typeof answer === "number") return answer;
      throw new Error(answer);
    },
    async ask(call: string): Promise<object> {
      if (call.startsWith("CONSUMER")) return { name: "consumer" };
      throw Object.assign(new Error("nothing of this writer"), { refusal: 10037 });
    },
    listen(taken: (message: object) => void) {
      take = taken;
      return { subject: "here", unsubscribe() {} };
    },
    watch: () => () => {},
    order() {
      for (const [number, offset] of kept) {
        const headers = { code: 0, get: () => `w ${number}` };
        take({ headers, reply: `$JS.ACK.s.c.1.${offset}.1.0.0`, data: new Uint8Array() });
      }
      take({ headers: { code: 404, get: () => "" } });
    },
  } as unknown as JetStreamLink;
  const history = {
    look: async () => ({ epoch: "old", offset: 40, first }),
    renew: async (before: string) => void renewed.push(before),
  } as unknown as History;
  return { appender: new Appender(link, names, history), published, renewed };
}

test("LG3 messages whose numbers rise are in order, whatever is between them", async () => {
  const { appender, renewed } = scripted({ answers: [11, 14, 15] });
  expect(await appender.append(batch(1, "a", "b", "c"), END)).toBe(15);
  expect(renewed).toEqual([]);
});

test("LG3 what the log has of a batch without an answer is not appended again", async () => {
  const { appender, published, renewed } = scripted({
    ...{ answers: ["lost", "lost", "lost", 20], kept: [[1, 11] as const, [2, 13] as const] },
  });
  await expect(appender.append(batch(1, "a", "b", "c"), END)).rejects.toThrow("lost");
  expect(await appender.append(batch(1, "a", "b", "c"), END)).toBe(20);
  expect(published).toEqual(["a", "b", "c", "c"]);
  expect(renewed).toEqual([]);
});

test("LG11 a batch that was kept in another order begins another history", async () => {
  const { appender, published, renewed } = scripted({ answers: [11, 14, 13] });
  await appender.append(batch(1, "a", "b", "c"), END);
  expect(published).toEqual(["a", "b", "c"]);
  expect(renewed).toEqual(["old"]);
});

test("LG11 a batch that was kept without one of its messages begins another history, and is completed", async () => {
  const { appender, published, renewed } = scripted({
    // What was kept already is known to JetStream.
    ...{ answers: [11, "no leader", 12, 20, 12], kept: [[1, 11] as const, [3, 12] as const] },
  });
  await expect(appender.append(batch(1, "a", "b", "c"), END)).rejects.toThrow("no leader");
  await appender.append(batch(1, "a", "b", "c"), END);
  expect(published).toEqual(["a", "b", "c", "b", "c"]);
  expect(new Set(renewed)).toEqual(new Set(["old"]));
});

test("LG11 a batch without an answer, of which the log has dropped what would tell, begins another history", async () => {
  const { appender, renewed } = scripted({ answers: ["lost", 40], first: 30 });
  await expect(appender.append(batch(1, "a"), END)).rejects.toThrow("lost");
  expect(renewed).toEqual([]);
  await appender.append(batch(1, "a"), END);
  expect(renewed).toEqual(["old"]);
});
