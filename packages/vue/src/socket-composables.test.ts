// The composables in Vue itself, against a real server: one connection, nothing left after unmounting, and no connection where a
// server renders.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { io, type Socket } from "@sockeye/client";
import { Server } from "@sockeye/node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type * as Vue from "vue";
import { openPage } from "../test/page.ts";
import type { SocketComposables } from "./socket-composables.ts";

interface ServerToClient {
  said: (text: string) => void;
}
interface ClientToServer {
  say: (text: string, answer: (length: number) => void) => void;
}

let closePage: () => Promise<void>;
let vue: typeof Vue;
let composables: SocketComposables<ServerToClient, ClientToServer>;
let server: Server<ClientToServer, ServerToClient>;
let made: Socket<ServerToClient, ClientToServer>[] = [];
let connections = 0;
let url = "";

const create = (): Socket<ServerToClient, ClientToServer> => {
  const socket = io<ServerToClient, ClientToServer>(url, { forceNew: true });
  made.push(socket);
  return socket;
};

beforeAll(async () => {
  closePage = openPage();
  vue = await import("vue");
  composables = (await import("./socket-composables.ts")).socketComposables();
});
afterAll(() => closePage());

beforeEach(async () => {
  const http = createServer();
  server = new Server(http);
  [made, connections] = [[], 0];
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

/** An application with two components, of which one can be taken away. */
function application(): { app: Vue.App; isShown: Vue.Ref<boolean> } {
  const { createApp, createSSRApp, defineComponent, h, onMounted, ref } = vue;
  const { socketPlugin, useEmit, useEvent, useSocket, useStatus } = composables;
  const isShown = ref(true);
  const Chat = defineComponent(() => {
    const heard = ref<string[]>([]);
    const length = ref(0);
    const status = useStatus();
    const emit = useEmit({ timeout: 5000 });
    useEvent("said", (text) => heard.value.push(text));
    onMounted(async () => {
      length.value = await emit.withAck("say", "hello");
    });
    return () => h("p", `${status.value.state} ${heard.value.join()} ${length.value}`);
  });
  const Root = defineComponent(() => {
    const socket = useSocket();
    return () => [h("b", String(socket.value !== undefined)), isShown.value ? h(Chat) : h("i")];
  });
  const app = (typeof document === "undefined" ? createSSRApp : createApp)(Root);
  app.use(socketPlugin({ create }));
  return { app, isShown };
}

async function mount(app: Vue.App): Promise<(text: string) => Promise<void>> {
  const container = document.createElement("div");
  app.mount(container);
  return async (text) => {
    const deadline = Date.now() + 5000;
    while (!container.innerHTML.includes(text)) {
      if (Date.now() > deadline) throw new Error(`"${text}" is not in ${container.innerHTML}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
}

describe("the composables", () => {
  test("all components share one connection; events, acknowledgements and status arrive", async () => {
    const { app } = application();
    const shows = await mount(app);
    await shows("<b>true</b><p>open hello 5</p>");
    expect([made.length, connections]).toEqual([1, 1]);
    app.unmount();
  });

  test("after unmounting a component none of its listeners is left; after the application, no connection", async () => {
    const { app, isShown } = application();
    const shows = await mount(app);
    await shows("hello 5");
    isShown.value = false;
    await shows("<i></i>");
    const [socket] = made;
    expect([socket?.listeners("said"), socket?.connected]).toEqual([[], true]);
    isShown.value = true;
    await shows("hello 5");
    expect([made.length, socket?.listeners("said").length]).toEqual([1, 1]);
    const left = new Promise((resolve) => {
      for (const [, one] of server.sockets.sockets) one.on("disconnect", resolve);
    });
    app.unmount();
    expect(await left).toBe("client namespace disconnect");
    expect([socket?.active, socket?.listeners("said"), socket?.listeners("connect")]).toEqual([
      false,
      [],
      [],
    ]);
  });

  test("a server renders without a connection", async () => {
    const { renderToString } = await import("vue/server-renderer");
    expect(await renderToString(application().app)).toContain("<b>false</b><p>idle  0</p>");
    expect([made, connections]).toEqual([[], 0]);
  });

  test("emitting in setup, and composables without the plugin, are errors with codes", async () => {
    const { createSSRApp, defineComponent } = vue;
    const { renderToString } = await import("vue/server-renderer");
    const hasty = defineComponent(() => {
      composables.useEmit()("say", "hello", () => {});
      return () => null;
    });
    const codeOf = async (app: Vue.App): Promise<unknown> => {
      app.config.warnHandler = () => {};
      return await renderToString(app).then(
        () => undefined,
        (error: unknown) => (error as { code: unknown }).code,
      );
    };
    const { socketPlugin } = composables;
    expect(await codeOf(createSSRApp(hasty).use(socketPlugin({ create })))).toBe("ERR_NO_SOCKET");
    expect(await codeOf(createSSRApp(hasty))).toBe("ERR_NO_PROVIDER");
  });
});
