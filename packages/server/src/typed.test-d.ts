// Two hosts in one program: each has its own type of request, and none changes the other's.

import type { DefaultEventsMap, EventsMap, TypedSocket } from "@sockeye/core";
import type { RequestHeaders } from "@sockeye/engine";
import { expectTypeOf, test } from "vitest";
import type {
  GivenOptions,
  HostedServer,
  HostTypes,
  RequestRecord,
  ServerOptions,
} from "./index.ts";

interface NodeLike {
  readonly url: string;
  readonly headers: { readonly cookie?: string };
}

interface OneTypes extends HostTypes {
  readonly request: NodeLike;
}

interface OtherTypes extends HostTypes {
  readonly request: RequestRecord<Request>;
}

type Any = DefaultEventsMap;
type One<L extends EventsMap = Any> = HostedServer<L, L, Any, unknown, OneTypes>;
type Other<L extends EventsMap = Any> = HostedServer<L, L, Any, unknown, OtherTypes>;

declare const one: One<{ hi: (text: string) => void }>;
declare const other: Other<{ hi: (count: number) => void }>;

test("the request of a socket is that of its host", () => {
  one.on("connection", (socket) => {
    expectTypeOf(socket.request).toEqualTypeOf<NodeLike>();
    expectTypeOf(socket.handshake.headers).toEqualTypeOf<{ readonly cookie?: string }>();
    expectTypeOf(socket.conn.request).toExtend<NodeLike>();
    expectTypeOf(socket.timeout(1).request).toEqualTypeOf<NodeLike>();
  });
  other.of("/a").use((socket) => {
    expectTypeOf(socket.request).toEqualTypeOf<RequestRecord<Request>>();
    expectTypeOf(socket.request.raw).toEqualTypeOf<Request | undefined>();
    expectTypeOf(socket.handshake.headers).toEqualTypeOf<RequestHeaders>();
    expectTypeOf(socket.client.request).toEqualTypeOf<RequestRecord<Request>>();
  });
});

test("so is that of remote sockets, and of options", async () => {
  for (const remote of await other.in("a").fetchSockets()) {
    expectTypeOf(remote.handshake.headers).toEqualTypeOf<RequestHeaders>();
  }
  for (const remote of await one.local.fetchSockets()) {
    expectTypeOf(remote.handshake.headers).toEqualTypeOf<{ readonly cookie?: string }>();
  }
  const options: GivenOptions<NodeLike, ServerOptions<NodeLike>> = {
    cors: true,
    allowRequest: (request, decide) => decide(null, request.headers.cookie !== undefined),
    onListenerError: (_error, socket) => {
      expectTypeOf(socket?.request).toEqualTypeOf<NodeLike | undefined>();
    },
  };
  void options;
});

test("without a host it is unknown", () => {
  expectTypeOf<TypedSocket["request"]>().toEqualTypeOf<unknown>();
});
