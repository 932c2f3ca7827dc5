// The functions in components of Svelte itself, against a real server: one connection, nothing left after unmounting, and no
// connection where a server renders. Read as stores and in runes.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { io, type Socket } from "@sockeye/client";
import { Server } from "@sockeye/node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { compiled } from "../test/compiled.ts";
import { openPage } from "../test/page.ts";

const components = {
  App: `
    <script>
      import { provideSocket, useStatus } from "@sockeye/svelte";
      import Chat from "./Chat.svelte";
      let { create, control } = $props();
      let isShown = $state(true);
      provideSocket({ create });
      control({ show: (value) => { isShown = value; } });
    </script>
    {#if isShown}<Chat />{:else}<i></i>{/if}`,
  Chat: `
    <script>
      import { onMount } from "svelte";
      import { useEmit, useEvent, useSocket, useStatus } from "@sockeye/svelte";
      const status = useStatus();
      const socket = useSocket();
      const emit = useEmit({ timeout: 5000 });
      let heard = $state([]);
      let length = $state(0);
      let upper = $derived(status.current.state.toUpperCase());
      useEvent("said", (text) => heard.push(text));
      onMount(() => { emit.withAck("say", "hello").then((value) => { length = value; }); });
    </script>
    <p>{$status.state} {upper} {socket.current !== undefined} {heard.join()} {length}</p>`,
  Hasty: `
    <script>
      import { provideSocket, useEmit } from "@sockeye/svelte";
      let { create } = $props();
      if (create) provideSocket({ create });
      useEmit()("say", "hello");
    </script>`,
};

interface Mounted {
  show?: (value: boolean) => void;
}
interface Client {
  start(target: Element, props: object): object;
  stop(app: object): Promise<void>;
}
interface Rendering {
  renderApp(props: object): string;
  renderHasty(props: object): string;
}

let closePage: () => Promise<void>;
let client: Client;
let rendering: Rendering;
let server: Server;
let made: Socket[] = [];
let connections = 0;
let url = "";

const create = (): Socket => {
  const socket = io(url, { forceNew: true });
  made.push(socket);
  return socket;
};

beforeAll(async () => {
  rendering = await compiled("server", {
    components,
    entry: `
      import { render } from "svelte/server";
      import App from "./App.svelte";
      import Hasty from "./Hasty.svelte";
      export const renderApp = (props) => render(App, { props }).body;
      export const renderHasty = (props) => render(Hasty, { props }).body;`,
  });
  closePage = openPage();
  client = await compiled("client", {
    components,
    entry: `
      import { mount, unmount } from "svelte";
      import App from "./App.svelte";
      export const start = (target, props) => mount(App, { target, props });
      export const stop = (app) => unmount(app);`,
  });
});
afterAll(() => closePage());

beforeEach(async () => {
  const http = createServer();
  server = new Server(http);
  [made, connections] = [[], 0];
  server.on("connection", (socket) => {
    connections += 1;
    socket.on("say", (text: string, answer: (length: number) => void) => {
      answer(text.length);
      socket.emit("said", text);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterEach(() => server.close());

function mount(): { app: object; control: Mounted; shows(text: string): Promise<void> } {
  const target = document.createElement("div");
  const control: Mounted = {};
  const app = client.start(target, {
    create,
    control: (given: Mounted) => Object.assign(control, given),
  });
  return {
    app,
    control,
    shows: async (text) => {
      const deadline = Date.now() + 5000;
      while (!target.innerHTML.includes(text)) {
        if (Date.now() > deadline) throw new Error(`"${text}" is not in ${target.innerHTML}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}

describe("the functions", () => {
  test("components share one connection; events, answers and status arrive in stores and runes", async () => {
    const { app, shows } = mount();
    await shows("<p>open OPEN true hello 5</p>");
    expect([made.length, connections]).toEqual([1, 1]);
    await client.stop(app);
  });

  test("after a component is destroyed none of its listeners is left; after the one that provides, no connection", async () => {
    const { app, control, shows } = mount();
    await shows("hello 5");
    control.show?.(false);
    await shows("<i></i>");
    const [socket] = made;
    expect([socket?.listeners("said"), socket?.connected]).toEqual([[], true]);
    control.show?.(true);
    await shows("hello 5");
    expect([made.length, socket?.listeners("said").length]).toEqual([1, 1]);
    const left = new Promise((resolve) => {
      for (const [, one] of server.sockets.sockets) one.on("disconnect", resolve);
    });
    await client.stop(app);
    expect(await left).toBe("client namespace disconnect");
    expect([socket?.active, socket?.listeners("said"), socket?.listeners("connect")]).toEqual([
      false,
      [],
      [],
    ]);
  });

  test("a server renders without a connection", () => {
    expect(rendering.renderApp({ create, control: () => {} })).toContain("idle IDLE false  0");
    expect([made, connections]).toEqual([[], 0]);
  });

  test("emitting while a component is initialised, and functions without a provider, are errors with codes", () => {
    const code = (error: string) => expect.objectContaining({ code: error });
    expect(() => rendering.renderHasty({ create })).toThrow(code("ERR_NO_SOCKET"));
    expect(() => rendering.renderHasty({})).toThrow(code("ERR_NO_PROVIDER"));
  });
});
