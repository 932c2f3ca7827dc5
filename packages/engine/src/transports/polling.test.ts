// The polling transport alone, with exchanges made of plain calls: what it answers, and what it reports.

import type { Frame } from "@sockeye/protocol";
import { type Answer, MemoryExchange, type RequestParts } from "@sockeye/testkit";
import { beforeEach, describe, expect, test } from "vitest";
import type { Closing } from "../reasons.ts";
import { SharedMessage } from "../shared-message.ts";
import { PollingTransport } from "./polling.ts";
import type { TransportSink } from "./transport.ts";

/** Writes down what a transport reports. */
class Journal implements TransportSink {
  readonly lines: string[] = [];
  onFrame(frame: Frame): void {
    this.lines.push(`frame ${String(frame)}`);
  }
  onDrain(): void {
    this.lines.push("drain");
  }
  onLost({ reason, error }: Closing): void {
    this.lines.push(`lost: ${reason}: ${error?.message}`);
  }
}

let transport: PollingTransport;
let journal: Journal;
let decorated: string[];

beforeEach(() => {
  decorated = [];
  transport = new PollingTransport({
    maxHttpBufferSize: 100,
    decorate(headers, { method }) {
      decorated.push(method);
      headers["x-decorated"] = "yes";
    },
  });
  journal = new Journal();
  transport.reportTo(journal);
});

function request(method: string, parts?: RequestParts): MemoryExchange {
  const exchange = new MemoryExchange(method, "/", parts);
  transport.onRequest(exchange);
  return exchange;
}

async function answerTo(method: string, parts?: RequestParts): Promise<Answer> {
  return await request(method, parts).answer;
}

describe("answers", () => {
  test("EN101 a poll is answered at the end of the turn, with everything said in it", async () => {
    const poll = request("GET");
    expect(transport.isWritable()).toBe(true);
    expect([transport.send("4a", false), transport.send("4b", false)]).toEqual(["sent", "sent"]);
    expect(transport.isWritable()).toBe(false);
    expect(poll.replies).toHaveLength(0);
    expect((await poll.answer).body).toBe("4a\u001e4b");
    expect(transport.send("4c", false)).toBe("queued");
    expect([transport.queuedBytes, transport.isWritable()]).toEqual([2, false]);
    expect((await answerTo("GET")).body).toBe("4c");
    expect(transport.queuedBytes).toBe(0);
  });

  test("EN101 every answer to a GET or POST can be decorated, refusals cannot", async () => {
    transport.send("4a", false);
    expect((await answerTo("GET")).headers["x-decorated"]).toBe("yes");
    expect((await answerTo("POST", { body: "4" })).headers["x-decorated"]).toBe("yes");
    expect((await answerTo("PUT")).headers["x-decorated"]).toBeUndefined();
    expect(decorated).toEqual(["GET", "POST"]);
  });

  test("EN83 an answer may be compressed when one of its messages may", async () => {
    const compressed: boolean[] = [];
    for (const wishes of [[false, false], [false, true], [true, false], [false]]) {
      for (const wish of wishes) transport.send("4a", wish);
      const poll = request("GET");
      await poll.answer;
      compressed.push(poll.replies[0]!.compress);
    }
    expect(compressed).toEqual([false, true, true, false]);
    transport.sendShared(new SharedMessage(["4a"], true));
    const poll = request("GET");
    await poll.answer;
    expect(poll.replies[0]!.compress).toBe(true);
  });

  test("EN101 no request is answered twice, whatever follows", async () => {
    const poll = request("GET");
    transport.send("4a", false);
    transport.release();
    transport.release();
    transport.end("cut");
    transport.end("peer left");
    await poll.answer;
    await Promise.resolve();
    expect(poll.replies).toHaveLength(1);
  });

  test.each([
    ["peer left", "6"],
    ["cut", "1"],
  ] as const)("EN101 at an end (%s) a held poll is answered %s", async (cause, body) => {
    const poll = request("GET");
    transport.end(cause);
    expect(await poll.answer).toMatchObject({ status: 200, body });
    expect(journal.lines).toEqual(["drain"]);
  });

  test("EN41 releasing answers with a noop, or with what there is to say", async () => {
    const poll = request("GET");
    transport.release();
    expect((await poll.answer).body).toBe("6");
    transport.release();
    const second = request("GET");
    transport.send("4a", false);
    transport.release();
    expect((await second.answer).body).toBe("4a");
  });

  test.each([";MSIE 10.0", "Trident/7.0"])(
    "EN10 %s is told not to look for scripts",
    async (agent) => {
      transport.send("4a", false);
      const { headers } = await answerTo("GET", {
        headers: { "user-agent": `Mozilla (${agent})` },
      });
      expect(headers["x-xss-protection"]).toBe("0");
      expect((await answerTo("POST", { body: "4" })).headers["x-xss-protection"]).toBeUndefined();
    },
  );
});

describe("reports", () => {
  test("EN101 a drain when a poll finds nothing queued, and when what was queued has left", async () => {
    request("GET");
    expect(journal.lines).toEqual(["drain"]);
    transport.send("4a", false);
    await Promise.resolve();
    expect(journal.lines).toEqual(["drain", "drain"]);
    transport.send("4b", false);
    request("GET");
    expect(journal.lines).toEqual(["drain", "drain", "drain"]);
  });

  test("EN101 each fault once, in words", async () => {
    const faults: [() => unknown, string][] = [
      [() => [request("GET"), request("GET")], "overlap from client"],
      [() => request("GET").abort(), "poll connection closed prematurely"],
      [
        () => {
          const late = new MemoryExchange("POST", "/");
          late.abort();
          transport.onRequest(late);
        },
        "request closed prematurely",
      ],
      [
        () => [request("POST", { isUnfinished: true }), request("POST")],
        "data request overlap from client",
      ],
      [
        () => request("POST", { isUnfinished: true }).abort(),
        "data request connection closed prematurely",
      ],
      [
        () => request("POST", { headers: { "content-type": "application/octet-stream" } }),
        "invalid content",
      ],
    ];
    for (const [commit, words] of faults) {
      transport = new PollingTransport({ maxHttpBufferSize: 100, decorate: () => {} });
      journal = new Journal();
      transport.reportTo(journal);
      commit();
      const lost = journal.lines.filter((line) => line.startsWith("lost"));
      expect(lost).toEqual([`lost: transport error: ${words}`]);
    }
  });

  test("EN101 nothing after the end", async () => {
    const post = request("POST", { body: "4a", isUnfinished: true });
    const poll = request("GET");
    transport.end("cut");
    const before = journal.lines.length;
    post.abort();
    poll.abort();
    await poll.answer;
    expect(journal.lines).toHaveLength(before);
  });

  test("EN101 frames go to whoever listens when they come", () => {
    const other = new Journal();
    request("POST", { body: "4a" });
    transport.reportTo(other);
    request("POST", { body: "4b\u001e4c" });
    expect(journal.lines).toEqual(["frame 4a"]);
    expect(other.lines).toEqual(["frame 4b", "frame 4c"]);
  });
});

describe("closing", () => {
  test("EN70 with a poll and nothing queued it is done at once", async () => {
    const poll = request("GET");
    expect(transport.close()).toBe("closed");
    expect((await poll.answer).body).toBe("1");
  });

  test("EN71 what is queued goes first; the end is told when the next poll has come", async () => {
    transport.send("4a", false);
    expect(transport.close()).toBe("lingering");
    expect((await answerTo("GET")).body).toBe("4a");
    expect(journal.lines).toEqual([]);
    const last = request("GET");
    expect(journal.lines).toEqual(["drain"]);
    transport.end("cut");
    expect((await last.answer).body).toBe("6\u001e1");
  });

  test("EN71 what was said in this turn leaves with the poll that is held", async () => {
    const poll = request("GET");
    transport.send("4a", false);
    expect(transport.close()).toBe("lingering");
    expect((await poll.answer).body).toBe("4a");
    await Promise.resolve();
    expect(poll.replies).toHaveLength(1);
  });

  test("EN42 what has not left is handed over once", () => {
    transport.send("4a", false);
    transport.send(Uint8Array.of(1), false);
    expect(transport.takeUnsent()).toEqual(["4a", Uint8Array.of(1)]);
    expect([transport.takeUnsent(), transport.queuedBytes]).toEqual([[], 0]);
  });
});
