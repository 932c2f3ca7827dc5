// The code in docs/site/troubleshooting.md, run as it stands there.
import { io, type Socket } from "@sockeye/client";
import type { Server } from "socket.io";
import { expect, onTestFinished, test, vi } from "vitest";
import { startServer } from "../kit/running-server.ts";
import { shownOf } from "./blocks.mjs";

const code = (name: string): string => shownOf("troubleshooting", `${name}.mjs`);
const errors = code("errors");
const once = code("once");
const asking = code("asking");
const stalled = code("stalled");
const middleware = code("middleware");

/** What a block of options says. */
function options(name: string): object {
  return new Function(`${code(name)}; return options`)() as object;
}

function onServer(code: string, server: Server, console: object): void {
  new Function("io", "console", code)(server, console);
}

/** Runs a block for a client; it may await, and its constants are returned. */
function onClient(code: string, scope: Record<string, unknown>, result = ""): Promise<unknown> {
  const body = `return (async () => { ${code}\n${result} })()`;
  return new Function(...Object.keys(scope), body)(...Object.values(scope)) as Promise<unknown>;
}

function connect(url: string, more = {}): Socket {
  const socket = io(url, { forceNew: true, reconnectionDelay: 10, ...more });
  onTestFinished(() => void socket.disconnect());
  return socket;
}

test("the listeners that print errors and losses print the hint", async () => {
  await using server = await startServer("sockeye");
  const lines: unknown[][] = [];
  const console = { error: (...line: unknown[]) => lines.push(line), warn: () => {} };
  await onClient(errors, { socket: connect(`${server.url}/chat`), console });
  await vi.waitFor(() => expect(lines).toHaveLength(1));
  expect(lines[0]).toEqual([
    "Invalid namespace",
    "ERR_REFUSED",
    expect.stringContaining("HINT_NAMESPACE"),
  ]);
});

test("a listener outside of connect runs once after a reconnection", async () => {
  await using server = await startServer("sockeye");
  let hellos = 0;
  server.io.on("connection", (socket) => {
    socket.on("hello", () => {
      hellos++;
      if (hellos === 1) socket.conn.close();
      else socket.emit("news", 1);
    });
  });
  const shown: unknown[] = [];
  await onClient(once, { socket: connect(server.url), show: (news: unknown) => shown.push(news) });
  await vi.waitFor(() => expect(shown).toEqual([1]));
  expect(hellos).toBe(2);
});

test("the question has a time limit, and an answer", async () => {
  await using server = await startServer("sockeye");
  server.io.on("connection", (socket) => {
    socket.on("question", (number: number, answer: (text: string) => void) => answer(`${number}!`));
  });
  const answer = onClient(asking, { socket: connect(server.url) }, "return answer;");
  expect(await answer).toBe("1!");
});

test("the points for stalls and for middleware can be subscribed to", async () => {
  await using server = await startServer("sockeye", { slowMiddleware: 20 } as object);
  const lines: string[] = [];
  const console = { warn: (line: string) => lines.push(line) };
  onServer(stalled, server.io, console);
  onServer(middleware, server.io, console);
  const refused = connect(server.url);
  const [error] = await new Promise<Error[]>((resolve) => {
    refused.once("connect_error", (...args) => resolve(args));
  });
  expect(error?.message).toBe("not you");
  const accepted = connect(server.url, { auth: { token: "secret" } });
  await vi.waitFor(() => expect(accepted.connected).toBe(true));
  // Neither way of the guide's middleware is reported; one that is forgotten is.
  expect(lines.filter((line) => line.startsWith("use"))).toEqual([]);
  server.io.use(() => {});
  connect(server.url, { auth: { token: "secret" } });
  await vi.waitFor(() => expect(lines).toContain("use of / has not called next for 20 ms"));
});

test("the options are options: cors answers a page, and the limit is taken", async () => {
  await using server = await startServer("sockeye", { ...options("cors"), ...options("limit") });
  const answer = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`, {
    headers: { origin: "https://page.example" },
  });
  expect(answer.headers.get("access-control-allow-origin")).toBe("https://page.example");
  expect(await answer.text()).toContain('"maxPayload":10000000');
});
