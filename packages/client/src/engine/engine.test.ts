// The engine's states, with fake transports and a fake clock.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FakePlatform, fakePlatform, handshake } from "../../testing/fake-transport.ts";
import type { EngineOptions } from "../options.ts";
import { transportError } from "../transports/transport.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const EVENTS = [
  "open",
  "close",
  "error",
  "drain",
  "upgrading",
  "upgrade",
  "upgradeError",
  "message",
];

function open(platform: FakePlatform, options: EngineOptions = {}) {
  const engine = platform.createSession({ hostname: "here", ...options });
  const log: unknown[] = [];
  for (const event of EVENTS) {
    engine.on(event, (first?: unknown) => {
      const { message, name } = (first ?? {}) as { message?: string; name?: string };
      log.push(first === undefined ? event : `${event} ${message ?? name ?? first}`);
    });
  }
  engine.open();
  const [transport] = platform.made;
  return { engine, log, transport: transport! };
}

describe("opening", () => {
  test("CL21 opens with the handshake, and sends what was written before", () => {
    const { engine, log, transport } = open(fakePlatform("polling"));
    engine.send("early");
    expect([engine.readyState, transport.sent]).toEqual(["opening", []]);
    transport.receive(handshake());
    expect([engine.readyState, engine.id]).toEqual(["open", "S"]);
    expect(transport.sent).toEqual(["4early"]);
    expect(log).toEqual(["open"]);
  });

  test.each([
    ["no JSON", "0{"],
    ["no times", '0{"sid":"S"}'],
    ["no packet", "<html>"],
  ])("CL22 a handshake with %s is an error", (_, frame) => {
    const { engine, log, transport } = open(fakePlatform("polling"));
    transport.receive(frame);
    expect(log).toEqual(["error server error", "close transport error"]);
    expect(engine.readyState).toBe("closed");
    expect(transport.calls).toEqual(["open", "close"]);
  });

  test("CL26 closing before the handshake", () => {
    const { engine, log, transport } = open(fakePlatform("polling"));
    engine.close();
    transport.receive(handshake());
    expect(log).toEqual(["close forced close"]);
    expect(engine.id).toBeUndefined();
  });

  test("CL56 the first transport fails: the error is told, unless all are to be tried", () => {
    const failure = transportError("websocket error");
    const strict = open(fakePlatform("websocket", "polling"));
    strict.transport.sink.onError(failure);
    expect(strict.log).toEqual(["error websocket error", "close transport error"]);

    const platform = fakePlatform("websocket", "polling");
    const tolerant = open(platform, { tryAllTransports: true });
    tolerant.transport.sink.onError(failure);
    expect(tolerant.log).toEqual([]);
    expect(tolerant.engine.transport?.name).toBe("polling");
    platform.made[1]!.sink.onError(failure);
    expect(tolerant.log).toEqual(["error websocket error", "close transport error"]);
  });

  test("CL57 an upgraded connection is remembered by the next one", () => {
    const platform = fakePlatform("polling", "websocket");
    open(platform, { transports: ["websocket"] }).transport.receive(handshake());
    const engine = platform.createSession({ hostname: "here", rememberUpgrade: true });
    engine.open();
    expect(engine.transport?.name).toBe("websocket");
    engine.close();
  });

  test("options of one transport override those of all", () => {
    const { transport } = open(fakePlatform("polling"), {
      path: "/all",
      transportOptions: { polling: { path: "/one", query: { a: 1 } } },
    });
    expect(transport.setup.url("http")).toMatch(/^http:\/\/here\/one\/\?a=1&EIO=4/);
  });
});

describe("sending", () => {
  test("CL62 waits for the transport, then sends all that fits into one body", () => {
    const { engine, log, transport } = open(fakePlatform("polling"));
    transport.receive(handshake({ maxPayload: 20 }));
    engine.send("one");
    engine.send("two").send("x".repeat(30)).send("three");
    expect(transport.sent).toEqual(["4one"]);
    transport.drain();
    expect(transport.sent).toEqual(["4one", "4two"]);
    transport.drain();
    expect(transport.sent.slice(2)).toEqual([`4${"x".repeat(30)}`]);
    transport.drain();
    expect(transport.sent.slice(3)).toEqual(["4three"]);
    transport.drain();
    expect(engine.writeBuffer).toEqual([]);
    expect(log).toEqual(["open", "drain"]);
  });

  test("CL26 close waits until everything is sent", () => {
    const { engine, log, transport } = open(fakePlatform("polling"));
    transport.receive(handshake());
    engine.send("last");
    engine.close();
    engine.send("too late");
    expect(engine.readyState).toBe("closing");
    transport.drain();
    expect(transport.sent).toEqual(["4last"]);
    expect(log).toEqual(["open", "drain", "close forced close"]);
  });

  test("CL26 close in the listener of open sends what was written before", () => {
    const { engine, log, transport } = open(fakePlatform("polling"));
    engine.on("open", () => void engine.close());
    engine.send("early");
    transport.receive(handshake());
    expect([engine.readyState, transport.sent]).toEqual(["closing", ["4early"]]);
    transport.drain();
    expect(log).toEqual(["open", "drain", "close forced close"]);
  });

  test("the buffer can be read when the connection is lost", () => {
    const { engine, transport } = open(fakePlatform("polling"));
    transport.receive(handshake());
    engine.send("lost");
    let lengthInListener: number | undefined;
    engine.on("close", () => {
      lengthInListener = engine.writeBuffer.length;
    });
    transport.sink.onClose({ description: "gone" });
    expect([lengthInListener, engine.writeBuffer.length]).toEqual([1, 0]);
  });
});

describe("heartbeat", () => {
  test("CL23 answers pings, and lives as long as they come", () => {
    const { engine, transport } = open(fakePlatform("websocket"));
    transport.receive(handshake());
    for (let at = 0; at < 3; at++) {
      vi.advanceTimersByTime(1400);
      transport.receive("2");
      transport.drain();
    }
    expect(transport.sent).toEqual(["3", "3", "3"]);
    expect(engine.readyState).toBe("open");
    transport.receive("4other packets are no pings");
    vi.advanceTimersByTime(1500);
    expect(engine.readyState).toBe("closed");
  });

  test("CL23 closes when no ping came in time", () => {
    const { log, transport } = open(fakePlatform("websocket"));
    transport.receive(handshake());
    vi.advanceTimersByTime(1499);
    expect(log).toEqual(["open"]);
    vi.advanceTimersByTime(1);
    expect(log).toEqual(["open", "close ping timeout"]);
  });

  test("CL23 notices by the wall clock what no timer has said", async () => {
    const { engine, log, transport } = open(fakePlatform("websocket"));
    transport.receive(handshake());
    expect(engine.hasPingExpired()).toBe(false);
    vi.setSystemTime(Date.now() + 2000);
    expect(engine.hasPingExpired()).toBe(true);
    expect(log).toEqual(["open"]);
    await Promise.resolve();
    expect(log).toEqual(["open", "close ping timeout"]);
  });
});

describe("upgrade", () => {
  const upgrades = { upgrades: ["websocket"] };

  function probing() {
    const platform = fakePlatform("polling", "websocket");
    const scene = open(platform);
    scene.transport.receive(handshake(upgrades));
    const candidate = platform.made[1]!;
    candidate.sink.onOpen();
    return { ...scene, platform, candidate };
  }

  test("CL60 polling falls silent, the candidate takes over", () => {
    const { engine, log, transport, candidate } = probing();
    expect(candidate.sent).toEqual(["2probe"]);
    engine.send("by polling");
    candidate.receive("3probe");
    engine.send("waits");
    expect(transport.calls).toEqual(["open", "pause"]);
    expect(transport.sent).toEqual(["4by polling"]);
    candidate.writable = true;
    transport.drain();
    expect(engine.transport).toBe(candidate);
    candidate.drain();
    expect(candidate.sent).toEqual(["2probe", "5", "4waits"]);
    transport.sink.onClose({ description: "of no interest any more" });
    expect(log).toEqual(["open", "upgrading websocket", "upgrade websocket"]);
    expect(engine.readyState).toBe("open");
  });

  test.each([
    ["another answer", "probe error", "4hello"],
    ["the end", "probe error: transport closed", "close"],
    ["a failure", "probe error: Error: no route", "error"],
  ])("CL61 %s leaves the session on polling", (_, message, event) => {
    const { engine, log, transport, candidate } = probing();
    if (event === "close") candidate.sink.onClose({ description: "" });
    else if (event === "error") candidate.sink.onError(transportError("no route"));
    else candidate.receive(event);
    expect(log).toEqual(["open", `upgradeError ${message}`]);
    engine.send("goes on");
    expect(transport.sent).toEqual(["4goes on"]);
  });

  test("CL61 the candidate is lost while polling falls silent: polling resumes", () => {
    const { engine, log, transport, candidate } = probing();
    candidate.receive("3probe");
    engine.send("waits");
    candidate.sink.onClose({ description: "" });
    expect(transport.calls).toEqual(["open", "pause", "resume"]);
    expect(transport.sent).toEqual(["4waits"]);
    expect(log.at(-1)).toBe("upgradeError probe error: transport closed");
    expect(engine.transport).toBe(transport);
  });

  test("CL26 closing during the switch waits for it", () => {
    const { engine, log, transport, candidate } = probing();
    candidate.receive("3probe");
    engine.close();
    expect(engine.readyState).toBe("closing");
    transport.drain();
    expect(log).toEqual([
      ...["open", "upgrading websocket", "drain", "upgrade websocket", "close forced close"],
    ]);
    expect(candidate.calls).toEqual(["open", "close"]);
  });

  test("the session ends while probing: the candidate ends too", () => {
    const { log, transport, candidate } = probing();
    transport.sink.onClose({ description: "gone" });
    expect(candidate.calls).toEqual(["open", "close"]);
    expect(log).toEqual([
      ...["open", "upgradeError probe error: socket closed", "close transport close"],
    ]);
  });

  test("CL60 there is none when the user or the server does not want one", () => {
    const refused = fakePlatform("polling", "websocket");
    open(refused, { upgrade: false }).transport.receive(handshake(upgrades));
    expect(refused.made).toHaveLength(1);
    const notOffered = fakePlatform("polling", "websocket");
    open(notOffered).transport.receive(handshake());
    expect(notOffered.made).toHaveLength(1);
  });
});

describe("the page", () => {
  test("CL46 goes offline: the connection is lost at once, except to this machine", () => {
    const { engine, log, transport } = open(fakePlatform("websocket"));
    transport.receive(handshake());
    engine.onPage({ type: "offline" });
    expect(log).toEqual(["open", "close transport close"]);

    const local = open(fakePlatform("websocket"), { hostname: "localhost" });
    local.transport.receive(handshake());
    local.engine.onPage({ type: "offline" });
    expect(local.engine.readyState).toBe("open");
  });

  test("CL80, CL81 is left: the connection closes without a word, if asked to", () => {
    const platform = fakePlatform("websocket");
    const { engine, log, transport } = open(platform, { closeOnBeforeunload: true });
    transport.receive(handshake());
    platform.fire("pagehide");
    expect(transport.calls).toEqual(["open", "close"]);
    expect(log).toEqual(["open"]);
    // Should it come back, the session is over.
    expect(engine.hasPingExpired()).toBe(true);
    engine.onPage({ type: "pageshow" });
    expect(log).toEqual(["open", "close ping timeout"]);
  });

  test("CL80 is left while polling: the server is told, since it may not see it", () => {
    const platform = fakePlatform("polling");
    const { log, transport } = open(platform);
    platform.fire("pagehide", { persisted: false });
    expect(transport.calls).toEqual(["open"]);
    transport.receive(handshake());
    platform.fire("pagehide", { persisted: false });
    expect(transport.calls).toEqual(["open", "close"]);
    expect(log).toEqual(["open"]);
  });

  test("CL80, CL81 is kept in the back-forward cache: the connection closes without a word", () => {
    const platform = fakePlatform("websocket");
    const { engine, log, transport } = open(platform);
    transport.receive(handshake());
    platform.fire("pagehide", { persisted: false });
    expect(transport.calls).toEqual(["open"]);
    platform.fire("pagehide", { persisted: true });
    expect(transport.calls).toEqual(["open", "close"]);
    expect(log).toEqual(["open"]);
    engine.onPage({ type: "pageshow", persisted: true });
    expect(log).toEqual(["open", "close ping timeout"]);
  });

  test("is kept while connecting: that goes on", () => {
    const platform = fakePlatform("websocket");
    const { transport } = open(platform);
    platform.fire("pagehide", { persisted: true });
    expect(transport.calls).toEqual(["open"]);
  });

  test("CL47 comes back from the back-forward cache, where its connections were cut", () => {
    const { engine, log, transport } = open(fakePlatform("websocket"));
    transport.receive(handshake());
    engine.onPage({ type: "pageshow", persisted: false });
    expect(log).toEqual(["open"]);
    engine.onPage({ type: "pageshow", persisted: true });
    expect(log).toEqual(["open", "close transport close"]);
    expect(transport.calls).toEqual(["open", "close"]);
  });

  test("CL40 or the machine wakes, and the server has given the connection up", () => {
    const { engine, log, transport } = open(fakePlatform("websocket"));
    transport.receive(handshake());
    engine.onPage({ type: "visibilitychange" });
    expect(log).toEqual(["open"]);
    vi.setSystemTime(Date.now() + 2000);
    engine.onPage({ type: "visibilitychange" });
    expect(log).toEqual(["open", "close ping timeout"]);
  });
});

test("CL58 one transport need not stand in an array; unknown names are passed over", () => {
  const platform = fakePlatform("polling", "websocket");
  const { engine } = open(platform, { transports: "websocket" as never });
  expect(engine.transport?.name).toBe("websocket");
  const other = open(platform, { transports: ["pigeon", "polling"] });
  expect(other.engine.transport?.name).toBe("polling");
});

test("CL58 transports cannot be named in two ways at once", () => {
  const platform = fakePlatform("polling");
  const both = { transports: ["polling"], transportImplementations: platform.known };
  expect(() => platform.createSession(both)).toThrow(
    "specifying both 'transportImplementations' and 'transports' options is not supported",
  );
});
