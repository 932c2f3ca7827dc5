// What is asked while another node is making a stream. Played by hand: JetStream shows it for less than a millisecond.

import { expect, test } from "vitest";
import type { JetStreamLink } from "./link.ts";
import { ensureStream, messageOf } from "./streams.ts";

const NAME = { name: "stream", subject: "subject" };
const info = (created: string) => ({ config: { name: "stream" }, created, state: {} });
const UNFINISHED = info("0001-01-01T00:00:00Z");
const COMPLETE = info("2026-01-01T00:00:00Z");
const STORED = { message: { seq: 1, time: "2026-01-01T00:00:00Z" } };

/** A link whose calls get these answers, in order; those that are numbers are refused for that reason. */
function scripted(answers: readonly (object | number)[]) {
  const left = [...answers];
  const asked: string[] = [];
  const link = {
    complete: new Set<string>(),
    async ask(call: string): Promise<object> {
      asked.push(call);
      const answer = left.shift();
      if (typeof answer === "object") return answer;
      throw Object.assign(new Error("refused"), { refusal: answer });
    },
  } as unknown as JetStreamLink;
  return { link, asked };
}

const settings = { replicas: 1, storage: "file" } as const;

test("LG12 no message of a stream is asked for before the stream has been made completely", async () => {
  const { asked, link } = scripted([UNFINISHED, UNFINISHED, COMPLETE, STORED, STORED]);
  expect((await messageOf(link, NAME, { seq: 1 }))?.seq).toBe(1);
  const [INFO, GET] = ["STREAM.INFO.stream", "STREAM.MSG.GET.stream"];
  expect(asked).toEqual([INFO, INFO, INFO, GET]);
  // From then on that is known.
  await messageOf(link, NAME, { seq: 1 });
  expect(asked.slice(4)).toEqual([GET]);
});

test("LG12 a stream that another node is making is waited for", async () => {
  const { asked, link } = scripted([10059, UNFINISHED, COMPLETE]);
  expect(await ensureStream(link, NAME, settings)).toEqual(COMPLETE);
  expect(asked).toEqual(["STREAM.INFO.stream", "STREAM.CREATE.stream", "STREAM.INFO.stream"]);
  expect(link.complete.has("stream")).toBe(true);
});

test("LG12 of a stream that has gone that is no longer known", async () => {
  const { asked, link } = scripted([COMPLETE, 10059, COMPLETE, STORED]);
  await expect(messageOf(link, NAME, { seq: 1 })).rejects.toThrow("refused");
  await messageOf(link, NAME, { seq: 1 });
  expect(asked.slice(2)).toEqual(["STREAM.INFO.stream", "STREAM.MSG.GET.stream"]);
});
