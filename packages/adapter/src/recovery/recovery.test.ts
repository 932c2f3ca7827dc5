// What is kept for sockets that come back: packets within bounds, sessions once and for a while.

import { Deadlines } from "@sockeye/portable";
import { FakeClock } from "@sockeye/testkit";
import { beforeEach, describe, expect, test } from "vitest";
import type { Session } from "../contract.ts";
import { type LogLimits, PacketLog } from "./packet-log.ts";
import { Sessions } from "./sessions.ts";

const LIMITS: LogLimits = { maxAge: 1000, maxPackets: 3, maxBytes: 100 };

/** Appends a packet and returns its offset. */
function add(
  log: PacketLog,
  encoded: string,
  to: { rooms?: string[]; except?: string[]; at?: number } = {},
): string {
  const { rooms = [], except = [], at = 0 } = to;
  const offset = log.nextOffset();
  log.append({ encoded, rooms: new Set(rooms), except: new Set(except) }, at);
  expect(log.lastOffset()).toBe(offset);
  return offset;
}

const none: ReadonlySet<string> = new Set();

/** The packets after an offset, without the offset that they end at. */
function missed(log: PacketLog, offset: string, rooms: ReadonlySet<string>): unknown {
  return log.missedSince(offset, rooms)?.packets ?? null;
}

describe("packets", () => {
  test("those after an offset are given, in order", () => {
    const log = new PacketLog(LIMITS, "e");
    const beginning = log.lastOffset();
    const offsets = ["a", "b", "c"].map((each) => add(log, each));
    expect(new Set([beginning, ...offsets]).size).toBe(4);
    expect(missed(log, beginning, none)).toEqual(["a", "b", "c"]);
    expect(missed(log, offsets[0] as string, none)).toEqual(["b", "c"]);
    expect(missed(log, offsets[2] as string, none)).toEqual([]);
  });

  test("only those addressed to the rooms, and not excepted", () => {
    const log = new PacketLog({ ...LIMITS, maxPackets: 100 }, "e");
    const beginning = log.lastOffset();
    add(log, "all");
    add(log, "r", { rooms: ["r"] });
    add(log, "other", { rooms: ["x"] });
    add(log, "not r", { except: ["r"] });
    add(log, "s or x, not r", { rooms: ["s", "x"], except: ["r"] });
    add(log, "not x", { except: ["x"] });
    expect(missed(log, beginning, new Set(["r", "s"]))).toEqual(["all", "r", "not x"]);
  });

  test("what has been dropped is known to be gone", () => {
    const log = new PacketLog(LIMITS, "e");
    const beginning = log.lastOffset();
    const offsets = ["a", "b", "c", "d"].map((each) => add(log, each));
    expect(log.size).toBe(3);
    expect(missed(log, beginning, none)).toBeNull();
    expect(missed(log, offsets[0] as string, none)).toEqual(["b", "c", "d"]);
  });

  test("by bytes: characters of text and bytes of attachments", () => {
    const log = new PacketLog({ ...LIMITS, maxBytes: 10 }, "e");
    add(log, "12345");
    log.append({ encoded: ["12", new Uint8Array(3)], rooms: none, except: none }, 0);
    expect(log.size).toBe(2);
    add(log, "6");
    expect(log.size).toBe(2);
    add(log, "x".repeat(11));
    expect(log.size).toBe(0);
  });

  test("by age, also when nothing is appended", () => {
    const log = new PacketLog(LIMITS, "e");
    const first = add(log, "a", { at: 0 });
    add(log, "b", { at: 600 });
    log.trim(1000);
    expect(log.size).toBe(2);
    log.trim(1001);
    expect(missed(log, first, none)).toEqual(["b"]);
    log.trim(5000);
    expect(log.size).toBe(0);
    expect(missed(log, first, none)).toBeNull();
    expect(missed(log, log.lastOffset(), none)).toEqual([]);
  });

  test.each([
    "",
    "e",
    "e.",
    "e.zz",
    "f.0",
    "e.1.0",
    "e.-2",
    "e.0x",
    "e. 0",
    "e.1e9",
    "e.99999999999",
    "0",
    "__proto__",
  ])("%j is no offset of this log", (offset) => {
    const log = new PacketLog(LIMITS, "e");
    add(log, "a");
    expect(missed(log, offset, none)).toBeNull();
  });
});

describe("sessions", () => {
  let clock: FakeClock;
  let sessions: Sessions;
  let emptied: number;
  const session = (pid: string): Session => ({
    pid,
    sid: "s",
    rooms: [],
    data: null,
    offset: "e.0",
  });

  beforeEach(() => {
    clock = new FakeClock();
    emptied = 0;
    const limits = { maxAge: 1000, maxSessions: 2 };
    sessions = new Sessions(new Deadlines(clock), limits, () => emptied++);
  });

  test("are given out once", () => {
    sessions.keep(session("p"));
    expect(sessions.take("p")).toEqual(session("p"));
    expect(sessions.take("p")).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  test("are forgotten after a while", () => {
    sessions.keep(session("p"));
    clock.advance(999);
    expect(sessions.size).toBe(1);
    clock.advance(1);
    expect(sessions.take("p")).toBeUndefined();
    expect([sessions.size, clock.pending, emptied]).toEqual([0, 0, 1]);
  });

  test("kept again, have their whole time again", () => {
    sessions.keep(session("p"));
    clock.advance(900);
    sessions.keep({ ...session("p"), data: "later" });
    clock.advance(900);
    expect(sessions.take("p")?.data).toBe("later");
    clock.advance(5000);
    expect(clock.pending).toBe(0);
  });

  test("beyond the limit, the oldest goes", () => {
    for (const pid of ["p", "q", "r"]) sessions.keep(session(pid));
    expect(sessions.size).toBe(2);
    expect(sessions.take("p")).toBeUndefined();
    expect(sessions.take("q")?.pid).toBe("q");
  });

  test("can all be forgotten", () => {
    for (const pid of ["p", "q"]) sessions.keep(session(pid));
    sessions.clear();
    expect([sessions.size, clock.pending]).toEqual([0, 0]);
  });
});
