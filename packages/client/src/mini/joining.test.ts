// Joining a namespace with the smallest client: address, options, credentials, refusals, recovery.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  type FakePage,
  FakeWebSocket,
  HANDSHAKE,
  latest,
  stubPage,
} from "../../testing/fake-web-socket.ts";
import { connected, lose, made, OPEN } from "../../testing/mini-client.ts";
import { connect, type MiniOptions } from "./index.ts";

let page: FakePage;
beforeEach(() => {
  vi.useFakeTimers();
  page = stubPage();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("address", () => {
  test.each([
    [undefined, "wss://page.example/socket.io/", "/"],
    ["/chat", "wss://page.example/socket.io/", "/chat"],
    ["//there.example/a%C3%A9b", "wss://there.example/socket.io/", "/aéb"],
    ["http://there.example:3000/a/b?x=1#y", "ws://there.example:3000/socket.io/", "/a/b"],
    ["ws://[::1]:8080", "ws://[::1]:8080/socket.io/", "/"],
  ])("%s", (address, url, nsp) => {
    connect(address);
    expect(latest().url.split("?")[0]).toBe(url);
    latest().receive(HANDSHAKE);
    expect(latest().sent).toEqual([nsp === "/" ? "40" : `40${nsp},`]);
  });

  test.each([
    [{ query: { token: "a b", n: 1 } }, "token=a+b&n=1"],
    [{ query: "token=x" }, "token=x"],
    [{}, ""],
  ])("path, protocols and query: %o", (options, query) => {
    connect("https://here.example", { path: "/own/path", protocols: ["p"], ...options });
    expect(latest().url).toBe(`wss://here.example/own/path/?EIO=4&transport=websocket&${query}`);
    expect(latest().protocols).toEqual(["p"]);
  });

  test("the query of the address goes before the option", () => {
    connect("https://here.example/?token=1", { query: { token: 2 } });
    expect(latest().url).toMatch(/&token=1$/);
  });

  test("none where there is no page is a TypeError", () => {
    vi.stubGlobal("location", undefined);
    expect(() => connect("/chat")).toThrow(TypeError);
  });
});

describe("options", () => {
  test.each(["retries", "parser", "transports", "forceNew", "multiplex", "extraHeaders"])(
    "%s is of another entry, and refused",
    (name) => {
      const options = { [name]: 1 } as MiniOptions;
      const refusal = new TypeError(`@sockeye/client/mini has no option ${name}`);
      expect(() => connect("https://here.example", options)).toThrow(refusal);
      expect(FakeWebSocket.made).toEqual([]);
    },
  );

  test("undefined is the default, and so is a delay of 0", () => {
    const absent: object = { path: undefined };
    const { states } = connected({ reconnectionDelay: 0, reconnectionAttempts: 0, ...absent });
    lose();
    expect(states).toEqual([{ state: "waiting", attempt: 1, until: Date.now() + 1000 }]);
  });

  test("autoConnect: false waits for connect()", () => {
    const { socket, states } = made({ autoConnect: false });
    expect([socket.status, FakeWebSocket.made.length]).toEqual([{ state: "idle" }, 0]);
    expect(page.listenerCount).toBe(0);
    socket.connect().connect();
    expect(FakeWebSocket.made).toHaveLength(1);
    expect(states).toEqual([{ state: "connecting", attempt: 0 }]);
  });
});

describe("joining", () => {
  test("connected with the server's answer, and not before", () => {
    const { socket, log, states } = made();
    expect(latest().binaryType).toBe("arraybuffer");
    latest().receive(HANDSHAKE);
    expect([socket.connected, socket.id, log]).toEqual([false, undefined, []]);
    latest().receive('40{"sid":"S"}');
    expect([socket.connected, socket.id, log]).toEqual([true, "S", ["connect"]]);
    expect([socket.status, states, socket.recovered]).toEqual([OPEN, [OPEN], false]);
  });

  test("auth is sent, read anew each time; of a function, the first answer to this connection", () => {
    const hands: ((data: object) => void)[] = [];
    const { socket } = made({ auth: (hand) => void hands.push(hand) });
    latest().receive(HANDSHAKE);
    hands[0]?.({ n: 1 });
    hands[0]?.({ n: 2 });
    expect(latest().sent).toEqual(['40{"n":1}']);
    lose();
    vi.advanceTimersByTime(1000);
    latest().receive(HANDSHAKE);
    hands[0]?.({ n: 3 });
    expect(latest().sent).toEqual([]);
    lose();
    socket.auth = { token: "t" };
    vi.advanceTimersByTime(2000);
    latest().receive(HANDSHAKE);
    expect(latest().sent).toEqual(['40{"token":"t"}']);
  });

  test("refused by middleware: connect_error with the server's data, and no further attempt", () => {
    const { socket, log, states } = made();
    latest().receive(HANDSHAKE, '44{"message":"no","data":{"code":7}}');
    expect(log).toEqual([["no", { code: 7 }]]);
    const closed = { state: "closed", reason: "no", advice: "connect" };
    expect([socket.status, states]).toEqual([closed, [closed]]);
    expect([latest().isClosed, page.listenerCount, vi.getTimerCount()]).toEqual([true, 0, 0]);
    socket.connect();
    latest().welcome();
    expect(log.at(-1)).toBe("connect");
  });

  test("a refusal whose message cannot become text is broken: the connection ends, and no error escapes", () => {
    const { log } = made();
    latest().receive(HANDSHAKE, '44{"message":{"toString":"x"}}');
    expect(log).toEqual([["invalid packet"]]);
    expect(latest().isClosed).toBe(true);
  });

  test("packets of other namespaces are nobody's", () => {
    const { socket, log } = made({}, "https://here.example/chat");
    latest().receive(HANDSHAKE, '40{"sid":"S"}');
    expect(log).toEqual([]);
    latest().receive('40/chat,{"sid":"S"}');
    expect([log, socket.id]).toEqual([["connect"], "S"]);
  });
});

test("a server that names a session by anything but a text is not given it again", () => {
  made();
  latest().receive(HANDSHAKE, '40{"sid":"S","pid":[["deep"]]}');
  lose();
  vi.advanceTimersByTime(1000);
  latest().receive(HANDSHAKE);
  expect(latest().sent).toEqual(["40"]);
});

test("recovery: pid and offset are sent, what was missed is delivered before connect", () => {
  const { socket, log } = made({ auth: { token: "t" } });
  latest().welcome({ sid: "S", pid: "P" });
  socket.on("news", (text) => log.push(text));
  latest().receive('42["news","one","offset1"]');
  lose();
  expect(socket.recovered).toBe(false);
  vi.advanceTimersByTime(1000);
  latest().receive(HANDSHAKE);
  expect(latest().sent).toEqual(['40{"pid":"P","offset":"offset1","token":"t"}']);
  latest().receive('42["news","two","offset2"]', '40{"sid":"S","pid":"P"}');
  expect(log.slice(-2)).toEqual(["two", "connect"]);
  expect([socket.recovered, socket.id]).toEqual([true, "S"]);
  lose();
  vi.advanceTimersByTime(1000);
  latest().receive(HANDSHAKE, '40{"sid":"T","pid":"Q"}');
  expect(latest().sent).toEqual(['40{"pid":"P","offset":"offset2","token":"t"}']);
  expect(socket.recovered).toBe(false);
});

test("onStatus returns what ends it", () => {
  const socket = connect("https://here.example", { autoConnect: false });
  const seen = vi.fn();
  const stop = socket.onStatus(seen);
  socket.connect();
  stop();
  socket.disconnect();
  expect(seen.mock.calls).toEqual([[{ state: "connecting", attempt: 0 }]]);
});
