// The hooks in React itself, against a real server: one connection under StrictMode, nothing left after unmounting, and no
// connection where a server renders or a component is suspended before it is mounted.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { io, type Socket } from "@sockeye/client";
import { Server } from "@sockeye/node";
import {
  createElement as h,
  type ReactNode,
  StrictMode,
  Suspense,
  useEffect,
  useState,
} from "react";
import type { Root } from "react-dom/client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openPage } from "../test/page.ts";
import { socketHooks } from "./socket-hooks.ts";

interface ServerToClient {
  said: (text: string) => void;
}
interface ClientToServer {
  say: (text: string, answer: (length: number) => void) => void;
}

const { SocketProvider, useEmit, useEvent, useSocket, useStatus } = socketHooks<
  ServerToClient,
  ClientToServer
>();

let closePage: () => Promise<void>;
let createRoot: (container: Element) => Root;
let act: typeof import("react").act;
let server: Server<ClientToServer, ServerToClient>;
let connections = 0;
let made: Socket<ServerToClient, ClientToServer>[] = [];
let url = "";

const create = (): Socket<ServerToClient, ClientToServer> => {
  const socket = io<ServerToClient, ClientToServer>(url, { forceNew: true });
  made.push(socket);
  return socket;
};

beforeAll(async () => {
  closePage = openPage();
  Reflect.set(globalThis, "IS_REACT_ACT_ENVIRONMENT", true);
  ({ createRoot } = await import("react-dom/client"));
  ({ act } = await import("react"));
});
afterAll(() => closePage());

beforeEach(async () => {
  const http = createServer();
  server = new Server(http);
  connections = 0;
  made = [];
  server.on("connection", (socket) => {
    connections += 1;
    socket.on("say", (text, answer) => {
      answer(text.length);
      socket.emit("said", text);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterEach(() => server.close());

/** Renders, and resolves when `text` stands on the page. */
async function mount(
  element: ReactNode,
): Promise<{ shows(text: string): Promise<void>; root: Root; click(): void }> {
  const container = document.createElement("div");
  document.body.append(container);
  const root = createRoot(container);
  await act(async () => root.render(element));
  return {
    root,
    click: () => container.querySelector("button")?.click(),
    shows: async (text) => {
      const deadline = Date.now() + 5000;
      while (!container.innerHTML.includes(text)) {
        if (Date.now() > deadline) throw new Error(`"${text}" is not in ${container.innerHTML}`);
        await act(async () => new Promise((resolve) => setTimeout(resolve, 5)));
      }
    },
  };
}

function Chat({ prefix = "" }: { prefix?: string }): ReactNode {
  const [heard, setHeard] = useState<string[]>([]);
  const [length, setLength] = useState(0);
  const emit = useEmit({ timeout: 5000 });
  const { state } = useStatus();
  useEvent("said", (text) => setHeard((before) => [...before, prefix + text]));
  const say = async (): Promise<void> => setLength(await emit.withAck("say", "hello"));
  return h(
    "button",
    { type: "button", onClick: () => void say() },
    `${state} ${heard.join()} ${length}`,
  );
}

let answers: number[] = [];
/** Emits when it is mounted. */
function Greeter(): ReactNode {
  const emit = useEmit();
  const isThere = useSocket() !== undefined;
  useEffect(() => {
    void emit.withAck("say", "hi").then((length) => answers.push(length));
  }, [emit]);
  return h("p", null, `${isThere} ${useStatus().state}`);
}

let isLoaded = false;
let load = (): void => {};
const loading = new Promise<void>((resolve) => {
  load = () => {
    isLoaded = true;
    resolve();
  };
});
/** Suspended until `load` is called. */
function Late(): ReactNode {
  if (!isLoaded) throw loading;
  return h(SocketProvider, { create }, h(Chat));
}

/** Emits while it is rendered. */
function Hasty(): ReactNode {
  useEmit()("say", "hello", () => {});
  return null;
}

const app = (child: ReactNode): ReactNode =>
  h(StrictMode, null, h(SocketProvider, { create }, child));

describe("the hooks", () => {
  test("under StrictMode there is one connection; events, acknowledgements and status arrive", async () => {
    const page = await mount(app(h(Chat)));
    await page.shows("open");
    page.click();
    await page.shows("hello 5");
    // Twice under StrictMode would have added the text twice.
    await page.shows("open hello 5");
    expect([made.length, connections, server.sockets.sockets.size]).toEqual([1, 1, 1]);
    expect(made[0]?.listeners("said")).toHaveLength(1);
    await act(async () => page.root.unmount());
  });

  test("after unmounting a component none of its listeners is left; after the provider, no connection", async () => {
    const page = await mount(app(h(Chat)));
    await page.shows("open");
    const [socket] = made;
    await act(async () => page.root.render(app(h("p", null, "empty"))));
    expect([socket?.listeners("said"), socket?.connected]).toEqual([[], true]);
    const left = new Promise((resolve) => {
      for (const [, one] of server.sockets.sockets) one.on("disconnect", resolve);
    });
    await act(async () => page.root.unmount());
    expect(await left).toBe("client namespace disconnect");
    expect([socket?.active, socket?.listeners("connect"), made.length]).toEqual([false, [], 1]);
  });

  test("the last listener is called, and listeners of the socket are not exchanged", async () => {
    const page = await mount(app(h(Chat, { prefix: "first " })));
    await page.shows("open");
    const before = made[0]?.listeners("said")[0];
    await act(async () => page.root.render(app(h(Chat, { prefix: "second " }))));
    page.click();
    await page.shows("second hello");
    expect(made[0]?.listeners("said")).toEqual([before]);
    await act(async () => page.root.unmount());
  });

  test("effects of components may emit: the provider has the socket before them", async () => {
    answers = [];
    const page = await mount(app(h(Greeter)));
    await page.shows("true open");
    while (answers.length < 2)
      await act(async () => new Promise((resolve) => setTimeout(resolve, 5)));
    expect(answers).toEqual([2, 2]);
    await act(async () => page.root.unmount());
  });

  test("a component that is suspended before it is mounted connects once, when it is there", async () => {
    const page = await mount(h(StrictMode, null, h(Suspense, { fallback: "loading" }, h(Late))));
    await page.shows("loading");
    expect(made).toEqual([]);
    load();
    await page.shows("open");
    expect([made.length, connections]).toEqual([1, 1]);
    await act(async () => page.root.unmount());
  });

  test("a server renders without a connection", async () => {
    const { renderToString } = await import("react-dom/server");
    expect(renderToString(app(h(Chat)))).toContain("idle");
    expect([made, connections]).toEqual([[], 0]);
  });

  test("emitting while rendering, and hooks without a provider, are errors with codes", async () => {
    const { renderToString } = await import("react-dom/server");
    const code = (error: string) => expect.objectContaining({ code: error });
    expect(() => renderToString(app(h(Hasty)))).toThrow(code("ERR_NO_SOCKET"));
    expect(() => renderToString(h(Chat))).toThrow(code("ERR_NO_PROVIDER"));
  });
});
