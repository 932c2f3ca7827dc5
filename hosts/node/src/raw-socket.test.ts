// Our WebSockets over real TCP connections: how control frames are answered, how connections end.

import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { clientFrame } from "../test/client-frames.ts";
import { FarEnd, rawContext, rawOn, tcpPair } from "../test/raw-pair.ts";

const hex = (...bytes: number[]): string => Buffer.from(bytes).toString("hex");
const closeFrame = (code: number): Buffer =>
  clientFrame({ opcode: 8, payload: Buffer.from([code >> 8, code & 0xff]) });

describe.each(["shared", "events"] as const)("reads: %s", (reading) => {
  describe("WS11 reading", () => {
    test("bytes stay what they were when others are read after them", async () => {
      await using pair = await tcpPair();
      const { journal } = rawOn(pair.near, rawContext({ reading }));
      for (let value = 1; value <= 3; value++) {
        pair.far.write(clientFrame({ opcode: 2, payload: Buffer.alloc(1000, value) }));
        await journal.untilCount(value);
      }
      expect(journal.frames).toEqual([1, 2, 3].map((value) => Buffer.alloc(1000, value)));
    });

    test("what had come before somebody listened is read first", async () => {
      await using pair = await tcpPair();
      pair.far.write(clientFrame({ payload: "second" }));
      pair.near.unshift(clientFrame({ payload: "first" }));
      await once(pair.near, "readable");
      const { journal } = rawOn(pair.near, rawContext({ reading }));
      pair.far.write(clientFrame({ payload: "third" }));
      await journal.until("third");
      expect(journal.lines).toEqual(["first", "second", "third"]);
    });

    test("messages of several connections do not mix", async () => {
      const context = rawContext({ reading });
      await using one = await tcpPair();
      await using other = await tcpPair();
      const journals = [rawOn(one.near, context).journal, rawOn(other.near, context).journal];
      const frames = ["x".repeat(40_000), "y".repeat(40_000)].map((payload, n) =>
        clientFrame({ payload, mask: [n, 2, 3, 4] }),
      );
      for (let part = 0; part < 4; part++) {
        for (const [n, { far }] of [one, other].entries()) {
          far.write(frames[n]!.subarray(part * 10_002, (part + 1) * 10_002));
        }
        await new Promise(setImmediate);
      }
      await Promise.all(journals.map((journal) => journal.untilCount(1)));
      expect(journals.map(({ lines }) => lines)).toEqual([
        ["x".repeat(40_000)],
        ["y".repeat(40_000)],
      ]);
    });
  });

  describe("WS12 pings", () => {
    test("are answered in order with what is sent", async () => {
      await using pair = await tcpPair();
      const far = new FarEnd(pair.far);
      const { raw, journal } = rawOn(pair.near, rawContext({ reading }));
      journal.reply = () => raw.send("answer");
      pair.far.write(
        Buffer.concat([
          clientFrame({ opcode: 9, payload: "p" }),
          clientFrame({ payload: "ask" }),
          clientFrame({ opcode: 10, payload: "nobody asked" }),
          clientFrame({ opcode: 9 }),
        ]),
      );
      expect((await far.bytes(13)).toString("latin1")).toBe("\x8a\x01p\x81\x06answer\x8a\x00");
      expect(journal.lines).toEqual(["ask"]);
    });

    test("a thousand at once are answered", async () => {
      await using pair = await tcpPair();
      const far = new FarEnd(pair.far);
      rawOn(pair.near, rawContext({ reading }));
      pair.far.write(Buffer.concat(Array.from({ length: 1000 }, () => clientFrame({ opcode: 9 }))));
      expect((await far.bytes(2000)).toString("hex")).toBe("8a00".repeat(1000));
    });

    test("sixty that wait, again and again, as long as they are read in between", async () => {
      await using pair = await tcpPair();
      const { raw, journal } = rawOn(pair.near, rawContext({ reading }));
      const pings = Array.from({ length: 40 }, () => clientFrame({ opcode: 9 }));
      const mark = clientFrame({ payload: "read" });
      for (let round = 1; round <= 3; round++) {
        pair.far.pause();
        while (pair.near.writableLength === 0) {
          raw.send("x".repeat(1_000_000));
          raw.flush();
        }
        const heard = journal.lines.length + 1;
        pair.far.write(Buffer.concat([...pings, mark]));
        await journal.untilCount(heard);
        pair.far.resume();
        await journal.untilCount(heard + 1);
        expect(journal.lines.slice(-2)).toEqual(["read", "(drain)"]);
        // One that does not wait.
        pair.far.write(Buffer.concat([clientFrame({ opcode: 9 }), mark]));
        await journal.untilCount(heard + 2);
      }
      expect(journal.lines).not.toContain("(closed)");
    });

    test("more than sixty whose answers wait end the connection", async () => {
      await using pair = await tcpPair();
      const { raw, journal } = rawOn(pair.near, rawContext({ reading }));
      // Somebody who does not read.
      while (pair.near.writableLength === 0) {
        raw.send("x".repeat(1_000_000));
        raw.flush();
      }
      const ping = clientFrame({ opcode: 9 });
      pair.far.write(
        Buffer.concat([...Array.from({ length: 60 }, () => ping), clientFrame({ payload: "60" })]),
      );
      await journal.until("60");
      pair.far.write(ping);
      await journal.until("(closed)");
      expect(journal.lines).toEqual(["60", "(closed)"]);
    });
  });

  describe("WS13 the peer closes", () => {
    test.each([
      ["without a code", clientFrame({ opcode: 8 }), "8800"],
      ["with a code", closeFrame(1000), "880203e8"],
      [
        "with a reason",
        clientFrame({ opcode: 8, payload: Buffer.from("\x0f\xa0bye", "latin1") }),
        "88050fa0627965",
      ],
    ])(
      "%s: it is answered with the same, after what was to be sent",
      async (_name, frame, answer) => {
        await using pair = await tcpPair();
        const far = new FarEnd(pair.far);
        const { raw, journal } = rawOn(pair.near, rawContext({ reading }));
        journal.reply = () => raw.send("last");
        pair.far.write(Buffer.concat([clientFrame({ payload: "ask" }), frame]));
        await far.ended;
        expect(far.received.toString("hex")).toBe(
          `8104${Buffer.from("last").toString("hex")}${answer}`,
        );
        // Whether the peer has ended the connection too does not matter.
        await journal.until("(closed)");
        expect(journal.lines).toEqual(["ask", "(closed)"]);
      },
    );

    test("and goes on sending: nothing of it is read or answered", async () => {
      await using pair = await tcpPair();
      const far = new FarEnd(pair.far);
      const { raw, journal } = rawOn(pair.near, rawContext({ reading }));
      pair.far.write(Buffer.concat([closeFrame(1000), clientFrame({ payload: "late" })]));
      await far.ended;
      raw.send("late");
      expect(raw.isWritable()).toBe(false);
      pair.far.write(Buffer.concat([clientFrame({ opcode: 9 }), Buffer.alloc(100_000, 0xff)]));
      pair.far.end();
      await journal.until("(closed)");
      expect(journal.lines).toEqual(["(closed)"]);
      expect(far.received.toString("hex")).toBe("880203e8");
    });
  });

  describe("WS14 we close", () => {
    test("without a code, after what was to be sent; what the peer still says is handed on", async () => {
      await using pair = await tcpPair();
      const far = new FarEnd(pair.far);
      const { raw, journal } = rawOn(pair.near, rawContext({ reading }));
      raw.send("last");
      raw.close();
      raw.close();
      raw.send("late");
      expect((await far.bytes(8)).toString("latin1")).toBe("\x81\x04last\x88\x00");
      pair.far.write(
        Buffer.concat([clientFrame({ payload: "still" }), clientFrame({ opcode: 9 })]),
      );
      await journal.until("still");
      pair.far.write(clientFrame({ opcode: 8 }));
      await far.ended;
      expect(far.received.length).toBe(8);
      pair.far.end();
      await journal.until("(closed)");
      expect(journal.lines).toEqual(["still", "(closed)"]);
    });

    test("and the peer does not: the connection is cut after a while", async () => {
      await using pair = await tcpPair();
      const far = new FarEnd(pair.far);
      const { raw, journal } = rawOn(pair.near, rawContext({ reading, closeTimeout: 30 }));
      raw.close();
      await journal.until("(closed)");
      await far.ended;
      expect(far.received.toString("hex")).toBe("8800");
    });

    test("and the peer answers, but does not end: the connection is cut after a while", async () => {
      await using pair = await tcpPair();
      const { raw, journal } = rawOn(pair.near, rawContext({ reading, closeTimeout: 30 }));
      pair.far.resume();
      raw.close();
      pair.far.write(clientFrame({ opcode: 8 }));
      await journal.until("(closed)");
      expect(pair.near.destroyed).toBe(true);
    });

    test("terminate cuts at once", async () => {
      await using pair = await tcpPair();
      const far = new FarEnd(pair.far);
      const { raw, journal } = rawOn(pair.near, rawContext({ reading }));
      raw.send("never");
      raw.terminate();
      await journal.until("(closed)");
      await far.ended;
      expect(far.received.length).toBe(0);
    });
  });

  describe("WS15 the peer breaks a rule", () => {
    test.each([
      [
        "an unmasked frame",
        clientFrame({ payload: "x", mask: null }),
        1002,
        "Invalid WebSocket frame: MASK must be set",
      ],
      [
        "a message above the limit",
        clientFrame({ claim: 1_000_001n }),
        1009,
        "Max payload size exceeded",
      ],
      [
        "text that is none",
        clientFrame({ payload: Buffer.from([0xff]) }),
        1007,
        "Invalid WebSocket frame: invalid UTF-8 sequence",
      ],
    ])(
      "%s: it is told the code, we the error, and nothing is read any more",
      async (_name, frame, code, message) => {
        await using pair = await tcpPair();
        const far = new FarEnd(pair.far);
        const { raw, journal } = rawOn(pair.near, rawContext({ reading }));
        raw.send("before");
        pair.far.write(
          Buffer.concat([clientFrame({ payload: "ask" }), frame, clientFrame({ payload: "late" })]),
        );
        await far.ended;
        expect(far.received.toString("latin1").slice(0, 8)).toBe("\x81\x06before");
        // The limit is named where it is exceeded.
        const reason = Buffer.from(code === 1009 ? "above the limit of 1000000 bytes" : "");
        expect(far.received.subarray(8).toString("hex")).toBe(
          hex(0x88, 2 + reason.length, code >> 8, code & 0xff) + reason.toString("hex"),
        );
        pair.far.write(clientFrame({ payload: "later" }));
        const gone = once(pair.near, "close");
        pair.far.end();
        await gone;
        expect(journal.lines).toEqual(["ask", `(error: ${message})`]);
      },
    );

    test("and stays: the connection is cut after a while", async () => {
      await using pair = await tcpPair();
      const { journal } = rawOn(pair.near, rawContext({ reading, closeTimeout: 30 }));
      const gone = once(pair.near, "close");
      pair.far.write(clientFrame({ payload: "x", mask: null }));
      await gone;
      expect(journal.lines).toEqual(["(error: Invalid WebSocket frame: MASK must be set)"]);
    });
  });

  describe("WS16 the connection ends otherwise", () => {
    test("the peer ends without a close frame: what was to be sent is sent", async () => {
      await using pair = await tcpPair();
      const far = new FarEnd(pair.far);
      const { raw, journal } = rawOn(pair.near, rawContext({ reading }));
      pair.near.prependOnceListener("end", () => raw.send("last"));
      pair.far.end();
      await journal.until("(closed)");
      await far.ended;
      expect(far.received.toString("latin1")).toBe("\x81\x04last");
      expect(journal.lines).toEqual(["(closed)"]);
    });

    test("a reset is an end like others", async () => {
      await using pair = await tcpPair();
      const { journal } = rawOn(pair.near, rawContext({ reading }));
      pair.far.write(clientFrame({ payload: "half" }).subarray(0, 4));
      pair.far.resetAndDestroy();
      await journal.until("(closed)");
      expect(journal.lines).toEqual(["(closed)"]);
    });
  });
});
