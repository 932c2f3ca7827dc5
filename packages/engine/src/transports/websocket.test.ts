// The WebSocket transport alone, over a socket in memory: what goes through, and what is reported.

import { type Frame, REVISION_3, REVISION_4_TEXT } from "@sockeye/protocol";
import { MemoryFramer, MemorySocket } from "@sockeye/testkit";
import { describe, expect, test } from "vitest";
import type { Closing } from "../reasons.ts";
import { SharedMessage } from "../shared-message.ts";
import type { TransportSink } from "./transport.ts";
import { WebSocketTransport } from "./websocket.ts";

class Journal implements TransportSink {
  readonly lines: unknown[] = [];
  onFrame(frame: Frame): void {
    this.lines.push(frame);
  }
  onDrain(): void {
    this.lines.push("(drain)");
  }
  onLost({ reason, error }: Closing): void {
    this.lines.push(`(lost: ${reason}${error === undefined ? "" : `: ${error.message}`})`);
  }
}

function started(format?: typeof REVISION_3): {
  socket: MemorySocket;
  framer: MemoryFramer;
  transport: WebSocketTransport;
  journal: Journal;
} {
  const [socket, framer, journal] = [new MemorySocket(), new MemoryFramer(), new Journal()];
  const transport = new WebSocketTransport(socket, framer, format);
  socket.listen(transport);
  transport.reportTo(journal);
  return { socket, framer, transport, journal };
}

describe("frames", () => {
  test("EN81 one message for two peers is framed once", () => {
    const { transport, socket, framer } = started();
    const second = new MemorySocket();
    const message = new SharedMessage(["4a", Uint8Array.of(1)], true);
    transport.sendShared(message);
    new WebSocketTransport(second, framer).sendShared(message);
    expect(socket.unread).toEqual(["4a", Uint8Array.of(1)]);
    expect(second.unread).toEqual(socket.unread);
    expect(framer.prepared).toBe(2);
  });

  test("EN81 each host frames for itself", () => {
    const message = new SharedMessage(["4a"], false);
    const [one, other] = [started(), started()];
    one.transport.sendShared(message);
    other.transport.sendShared(message);
    expect([one.framer.prepared, other.framer.prepared]).toEqual([1, 1]);
  });

  test("EN81 a socket that compresses for itself is given raw frames", () => {
    const { transport, socket, framer } = started();
    socket.needsRawFrames = true;
    transport.sendShared(new SharedMessage(["4a"], true));
    expect(socket.unread).toEqual(["4a"]);
    expect(framer.prepared).toBe(0);
  });

  test.each([
    ["text alone", REVISION_4_TEXT, "bAQI="],
    ["revision 3", REVISION_3, Uint8Array.of(4, 1, 2)],
  ] as const)("EN93 bytes for a peer of %s, also of a shared message", (_name, format, wire) => {
    const { transport, socket, framer } = started(format);
    transport.send(Uint8Array.of(1, 2), false);
    transport.sendShared(new SharedMessage([Uint8Array.of(1, 2)], false));
    expect(socket.unread).toEqual([wire, wire]);
    expect(framer.prepared).toBe(0);
  });

  test("EN102 what arrives is handed up as it is", () => {
    const { socket, journal } = started();
    for (const frame of ["4a", "", Uint8Array.of(1)]) socket.transmit(frame);
    expect(journal.lines).toEqual(["4a", "", Uint8Array.of(1)]);
  });

  test("EN90 a broken frame of revision 3 is an end", () => {
    const { socket, journal } = started(REVISION_3);
    socket.transmit(Uint8Array.of(9, 1));
    expect(journal.lines).toEqual(["(lost: parse error: parser error)"]);
  });
});

describe("pressure", () => {
  test("EN82 a socket that takes no more is not writable until it has drained", () => {
    const { socket, transport, journal } = started();
    expect([transport.isWritable(), transport.queuedBytes]).toEqual([true, 0]);
    socket.pause();
    transport.send("4abc", false);
    expect([transport.isWritable(), transport.queuedBytes]).toEqual([false, 4]);
    socket.resume();
    expect([transport.isWritable(), transport.queuedBytes]).toEqual([true, 0]);
    expect(journal.lines).toEqual(["(drain)"]);
  });
});

describe("ends", () => {
  test("EN83 a frame that the socket does not take any more gives closed", () => {
    const { socket, transport } = started();
    expect(transport.send("4a", false)).toBe("sent");
    socket.leave();
    expect(transport.send("4b", false)).toBe("closed");
    expect(transport.sendShared(new SharedMessage(["4c"], false))).toBe("closed");
    expect(socket.unread).toEqual(["4a"]);
  });

  test("EN102 the peer's end is told once", () => {
    const { socket, journal, transport } = started();
    socket.leave();
    transport.onClose();
    transport.onError(new Error("late"));
    expect(journal.lines).toEqual(["(lost: transport close)"]);
  });

  test("EN102 a failure is told with its error, and once", () => {
    const { socket, journal, transport } = started();
    socket.fail(new Error("broken"), 1002);
    transport.onClose();
    transport.onFrame("4late");
    expect(journal.lines).toEqual(["(lost: transport error: Error: broken)"]);
  });

  test.each(["close", "end"] as const)("EN102 after %s() nothing is told", async (how) => {
    const { socket, journal, transport } = started();
    transport.send("4last", false);
    if (how === "close") expect(transport.close()).toBe("closed");
    else transport.end("closing");
    transport.onFrame("4late");
    transport.onDrain();
    transport.onClose();
    expect(journal.lines).toEqual([]);
    expect(socket.unread).toEqual(["4last"]);
    expect(await socket.closed).toBe(1005);
  });

  test("EN102 without anybody to tell, nothing breaks", () => {
    const transport = new WebSocketTransport(new MemorySocket(), new MemoryFramer());
    transport.onFrame("4a");
    transport.onDrain();
    expect(transport.isWritable()).toBe(true);
    transport.onError(new Error("x"));
    expect(transport.isWritable()).toBe(false);
  });
});
