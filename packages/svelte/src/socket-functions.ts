// The functions for one map of events. Each set has a context of its own, so that an application can have several namespaces.
// What is read is a store and has `current` too, so that it can be read in runes and in templates of either kind.

import {
  type AnySocket,
  type BoundSocket,
  bindingError,
  type Emit,
  type EmitOptions,
  emitThrough,
  type ReservedEvents,
  SharedSocket,
  type SocketStatus,
} from "@sockeye/binding";
import type {
  DefaultEventsMap,
  EventsMap,
  ReservedOrUserEventNames,
  ReservedOrUserListener,
  UntypedListener,
} from "@sockeye/events";
import { getContext, onMount, setContext } from "svelte";
import { createSubscriber } from "svelte/reactivity";

/** A value that changes: a store (`$status`), and reactive by `current` in runes and templates. */
export interface Live<Value> {
  /** The value now. Reading it in an effect, a `$derived` or a template follows it. */
  readonly current: Value;
  /**
   * Calls `run` with the value, and with each new one.
   * @returns a function that ends it
   * @example const stop = status.subscribe(({ state }) => console.log(state));
   */
  subscribe(run: (value: Value) => void): () => void;
}

/** Options of `provideSocket`. */
export interface ProvideOptions {
  /**
   * Makes the socket, or gives one that exists. Called in the browser alone, when the component that provides it, or one in
   * it, has been mounted; the connection ends when the component is destroyed.
   */
  readonly create: () => AnySocket;
}

/** The functions for one map of events. All are called while a component is initialised. */
export interface SocketFunctions<ListenEvents extends EventsMap, EmitEvents extends EventsMap> {
  /**
   * Gives this component and those in it one connection. On a server that renders there is none.
   * @example provideSocket({ create: () => io("https://example.com") });
   */
  provideSocket(this: void, options: ProvideOptions): void;
  /**
   * The socket, for what the other functions do not do; `undefined` on a server that renders, and before it is mounted.
   * @throws Error `ERR_NO_PROVIDER` when no component above has called `provideSocket`
   * @example const socket = useSocket();
   */
  useSocket(this: void): Live<BoundSocket<ListenEvents, EmitEvents> | undefined>;
  /**
   * Listens to an event while the component is mounted.
   * @param event of the map, or `connect`, `disconnect`, `connect_error`
   * @throws Error `ERR_NO_PROVIDER` when no component above has called `provideSocket`
   * @example useEvent("said", (message) => messages.push(message));
   */
  useEvent<Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    this: void,
    event: Ev,
    listener: ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>,
  ): void;
  /**
   * Where the connection stands.
   * @throws Error `ERR_NO_PROVIDER` when no component above has called `provideSocket`
   * @example const status = useStatus();
   */
  useStatus(this: void): Live<SocketStatus>;
  /**
   * The function that emits. For event handlers, effects and `onMount`: while a component is initialised it throws.
   * @param options how acknowledgements are awaited
   * @throws Error `ERR_NO_PROVIDER` when no component above has called `provideSocket`
   * @example const emit = useEmit({ timeout: 5000 });
   */
  useEmit(this: void, options?: EmitOptions): Emit<EmitEvents>;
}

function sharedOf(key: symbol, name: string): SharedSocket {
  const shared = getContext<SharedSocket | undefined>(key);
  if (shared === undefined) throw bindingError("ERR_NO_PROVIDER", name);
  // Inner components are mounted first, and may emit.
  onMount(() => shared.retain());
  return shared;
}

function live<Value>(shared: SharedSocket, read: () => Value): Live<Value> {
  const follow = createSubscriber((update) => shared.subscribe(update));
  return {
    get current() {
      follow();
      return read();
    },
    subscribe: (run) => {
      let last = read();
      run(last);
      return shared.subscribe(() => {
        const next = read();
        if (next === last) return;
        last = next;
        run(next);
      });
    },
  };
}

/**
 * Makes the functions for a map of events: those of `@sockeye/contract` (`ClientListens`, `ClientEmits`), or declared by hand.
 * @example
 * export const { provideSocket, useEvent, useEmit } = socketFunctions<ServerToClient, ClientToServer>();
 */
export function socketFunctions<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
>(): SocketFunctions<ListenEvents, EmitEvents> {
  const key = Symbol("the socket");
  return {
    provideSocket: ({ create }) => {
      const shared = new SharedSocket(create);
      setContext(key, shared);
      onMount(() => shared.retain());
    },
    useSocket: () => {
      const shared = sharedOf(key, "useSocket");
      return live(shared, () => shared.socket as BoundSocket<ListenEvents, EmitEvents> | undefined);
    },
    useEvent: (event, listener) => {
      const shared = sharedOf(key, "useEvent");
      onMount(() => shared.listen(event as string, listener as UntypedListener));
    },
    useStatus: () => {
      const shared = sharedOf(key, "useStatus");
      return live(shared, () => shared.status);
    },
    useEmit: (options) => emitThrough<EmitEvents>(sharedOf(key, "useEmit"), options),
  };
}
