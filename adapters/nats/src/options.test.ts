// The options of the adapter over JetStream, and the streams that are made with them.

import type { OptionError } from "@sockeye/portable";
import { expect, test } from "vitest";
import { History } from "./jetstream/history.ts";
import type { JetStreamLink } from "./jetstream/link.ts";
import { namesOf, token } from "./jetstream/names.ts";
import { resolveJetStreamOptions } from "./options.ts";

test("options have their defaults, and wrong ones are refused together", () => {
  expect(resolveJetStreamOptions({})).toEqual({
    ...{ key: "sockeye", maxPendingBytes: 64 * 1024 * 1024, maxLen: 10_000 },
    ...{ maxBytes: 256 * 1024 * 1024, maxAge: Infinity, replicas: 1, storage: "file" },
    ...{ domain: "", idleHeartbeat: 1000 },
  });
  const wrong = { key: "a b", replicas: 7, storage: "disk", domain: "*", idleHeartbeat: 1 };
  let problems: readonly string[] = [];
  try {
    resolveJetStreamOptions(wrong);
  } catch (error) {
    problems = (error as OptionError).problems;
  }
  expect(problems.map((problem) => problem.split(" ")[0])).toEqual(Object.keys(wrong));
});

test("streams are made with the limits, replicas and storage of the options", async () => {
  const made: Record<string, unknown>[] = [];
  const link = {
    complete: new Set(),
    async ask(call: string, body: Record<string, unknown>): Promise<object> {
      if (call.startsWith("STREAM.CREATE")) {
        made.push(body);
        return { created: "now", config: body, state: { first_seq: 1, last_seq: 0 } };
      }
      const refusal = call.startsWith("STREAM.MSG") && made.length > 1 ? 10037 : 10059;
      throw Object.assign(new Error("not there"), { refusal });
    },
    publish: async () => 1,
  } as unknown as JetStreamLink;
  const given = { key: "a.b", maxLen: 7, maxBytes: 4096, maxAge: 5000, replicas: 3 } as const;
  const options = resolveJetStreamOptions({ ...given, storage: "memory" });
  expect(await new History(link, namesOf("a.b"), options).look()).toMatchObject({ offset: 0 });
  const both = { storage: "memory", num_replicas: 3, retention: "limits", discard: "old" };
  expect(made).toMatchObject([
    {
      ...both,
      ...{ name: "a=2Eb_log", subjects: ["a.b.log.*"], max_msgs: 7, max_bytes: 4096 },
      // Nanoseconds; numbers of messages are known no longer than the messages are there.
      ...{ max_age: 5e9, duplicate_window: 5e9 },
    },
    {
      ...both,
      name: "a=2Eb_state",
      subjects: ["a.b.state.*"],
      max_msgs_per_subject: 1,
      max_age: 0,
    },
  ]);
});

test("a text is one part of a subject, and another text is another part", () => {
  const texts = ["a", "a.b", "a=2Eb", "a b", "*", ">", "é", "%"];
  const parts = texts.map(token);
  expect(parts.every((part) => /^[\w=-]+$/.test(part))).toBe(true);
  expect(new Set(parts).size).toBe(texts.length);
});
