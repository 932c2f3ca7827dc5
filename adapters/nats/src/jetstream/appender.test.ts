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
  /** The numbers that published messages get; a text is why one is refused. */
  readonly answers: (number | string)[];
  /** The number of the last message that the log has of the writer. */
  readonly last?: number;
  /** The first entry that is still there. */
  readonly first?: number;
}

/** An appender over a scripted JetStream. */
function scripted({ answers, first = 1, last }: Script) {
  const published: string[] = [];
  const renewed: string[] = [];
  const link = {
    maxPayload: 1000,
    async publish(_: string, payload: Uint8Array): Promise<number> {
      published.push(new TextDecoder().decode(payload));
      const answer = answers.shift();
      if (typeof answer === "number") return answer;
      throw new Error(answer);
    },
    async ask(): Promise<object> {
      const hdrs = btoa(`NATS/1.0\r\nNats-Msg-Id: w ${last ?? 0}\r\n\r\n`);
      return { message: { seq: 5, time: "2026-01-01T00:00:00Z", data: "", hdrs } };
    },
  } as unknown as JetStreamLink;
  const history = {
    look: async () => ({ epoch: "old", offset: 10, first }),
    renew: async (before: string) => void renewed.push(before),
  } as unknown as History;
  return { appender: new Appender(link, names, history), published, renewed };
}

test("LG3 messages whose numbers rise are in order, whatever is between them", async () => {
  const { appender, renewed } = scripted({ answers: [11, 14, 15] });
  expect(await appender.append(batch(1, "a", "b", "c"), END)).toBe(15);
  expect(renewed).toEqual([]);
});

test("LG7 a batch that was kept in another order begins another history", async () => {
  const { appender, published, renewed } = scripted({ answers: [11, "no leader", 12, 11, 13, 12] });
  await expect(appender.append(batch(1, "a", "b", "c"), END)).rejects.toThrow("no leader");
  await appender.append(batch(1, "a", "b", "c"), END);
  expect(published).toEqual(["a", "b", "c", "a", "b", "c"]);
  expect(renewed).toEqual(["old"]);
});

test("LG3 what the log has of a batch without an answer is not appended again", async () => {
  const { appender, published, renewed } = scripted({ answers: ["lost", "lost"], last: 1 });
  await expect(appender.append(batch(1, "a", "b"), END)).rejects.toThrow("lost");
  expect(await appender.append(batch(1, "a", "b"), END)).toBe(20);
  // At first the log was said to have one message.
  expect(published).toEqual(["b", "b"]);
  expect(renewed).toEqual([]);
});

test("LG7 a batch without an answer, of which the log has dropped what would tell, begins another history", async () => {
  const { appender, renewed } = scripted({ answers: ["lost", 40], first: 30 });
  await expect(appender.append(batch(1, "a"), END)).rejects.toThrow("lost");
  expect(renewed).toEqual([]);
  await appender.append(batch(1, "a"), END);
  expect(renewed).toEqual(["old"]);
});
