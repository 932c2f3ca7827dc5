// What the ports promise to a host: when a raw socket is called, and when output is collected.

import { MemoryContext, MemorySocket } from "@sockeye/testkit";
import { describe, expect, test, vi } from "vitest";
import type { Flushable, RawSocketSink } from "./index.ts";
import { SharedMessage } from "./shared-message.ts";
import { PollingTransport } from "./transports/polling.ts";

const WEBSOCKET = "EIO=4&transport=websocket";

/** A socket that notes what is called of it. */
class NotingSocket extends MemorySocket {
  readonly calls: string[] = [];

  override listen(sink: RawSocketSink): void {
    this.calls.push("listen");
    super.listen(sink);
  }

  override send(...given: Parameters<MemorySocket["send"]>): number {
    this.calls.push("send");
    return super.send(...given);
  }

  override close(): void {
    this.calls.push("close");
    super.close();
  }

  override terminate(): void {
    this.calls.push("terminate");
    super.terminate();
  }
}

describe("a raw socket", () => {
  test("listens before anything is sent, and may end before attach returns", async () => {
    const context = new MemoryContext({}, { onConnection: (each) => each.close("discard") });
    const outcome = await context.admit(WEBSOCKET);
    if (outcome.kind === "refusal") throw new Error(outcome.message);
    const socket = new NotingSocket();
    context.engine.attach(outcome, socket);
    expect(socket.calls).toEqual(["listen", "send", "close"]);
    expect(context.engine.connections.size).toBe(0);
    expect(context.faults).toEqual([]);
  });

  test.each(["leave", "fail"] as const)("is not called after its end: %s", async (how) => {
    const context = new MemoryContext();
    const outcome = await context.admit(WEBSOCKET);
    if (outcome.kind === "refusal") throw new Error(outcome.message);
    const socket = new NotingSocket();
    context.engine.attach(outcome, socket);
    const [connection] = context.engine.connections.values();
    socket.calls.length = 0;
    if (how === "leave") socket.leave();
    else socket.fail(new Error("broken"), 1002);
    connection?.send("late");
    connection?.close();
    expect(socket.calls).toEqual([]);
    expect(connection?.isOpen).toBe(false);
  });

  test("is asked for its backlog by nothing that sends: sending returns it", async () => {
    const context = new MemoryContext();
    const outcome = await context.admit(WEBSOCKET);
    if (outcome.kind === "refusal") throw new Error(outcome.message);
    const socket = new MemorySocket();
    context.engine.attach(outcome, socket);
    const asked = vi.spyOn(socket, "queuedBytes", "get");
    vi.spyOn(socket, "send").mockReturnValue(0);
    vi.spyOn(socket, "sendPrepared").mockReturnValue(0);
    const [connection] = context.engine.connections.values();
    connection?.send("one");
    connection?.sendShared(new SharedMessage(["4two"], false));
    expect(asked).not.toHaveBeenCalled();
  });
});

test("polls are answered when the host ends the turn", async () => {
  const turn: Flushable[] = [];
  const context = new MemoryContext({}, {}, { collect: (each) => turn.push(each) });
  const { sid } = JSON.parse(
    String((await context.ask("GET", "EIO=4&transport=polling").answer).body).slice(1),
  ) as { sid: string };
  const poll = context.exchange("GET", `EIO=4&transport=polling&sid=${sid}`);
  context.engine.connections.get(sid)?.send("one");
  context.engine.connections.get(sid)?.send("two");
  await context.settle();
  expect([poll.replies.length, turn.length]).toEqual([0, 1]);
  for (const each of turn) each.flush();
  expect((await poll.answer).body).toBe("4one\x1e4two");
});

test("where frames are views of the application's data, those that wait for a poll are copies", () => {
  for (const copiesFrames of [true, false]) {
    const transport = new PollingTransport({
      maxHttpBufferSize: 1000,
      decorate: () => {},
      platform: { copiesFrames },
    });
    const bytes = Uint8Array.of(1, 2);
    transport.send(bytes, false);
    expect(transport.unsent[0] === bytes).toBe(!copiesFrames);
    expect(transport.unsent).toEqual([bytes]);
  }
});
