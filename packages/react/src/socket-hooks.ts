// The hooks, for one map of events. Each set has a context of its own, so that an application can have several namespaces.

import {
  type AnySocket,
  type BoundSocket,
  bindingError,
  type Emit,
  type EmitOptions,
  emitThrough,
  IDLE,
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
import {
  type Context,
  createContext,
  createElement,
  type DependencyList,
  type EffectCallback,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useInsertionEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";

/** Properties of `SocketProvider`. */
export interface SocketProviderProps {
  /**
   * Makes the socket, or gives one that exists. Called in the browser alone, when the provider has been mounted; a later
   * function is not called, unless the provider gets another `key`.
   */
  readonly create: () => AnySocket;
  readonly children?: ReactNode;
}

/** The hooks for one map of events. */
export interface SocketHooks<ListenEvents extends EventsMap, EmitEvents extends EventsMap> {
  /**
   * Gives the components below it one connection: made when it is mounted, closed when it is unmounted. Under `StrictMode` it
   * is one as well, and on a server that renders there is none.
   * @example <SocketProvider create={() => io("https://example.com")}><Chat /></SocketProvider>
   */
  SocketProvider(this: void, props: SocketProviderProps): ReactElement;
  /**
   * The socket, for what the other hooks do not do.
   * @returns `undefined` on a server that renders, and before the provider has been mounted
   * @throws Error `ERR_NO_PROVIDER` without a `SocketProvider` above
   * @example const socket = useSocket();
   */
  useSocket(this: void): BoundSocket<ListenEvents, EmitEvents> | undefined;
  /**
   * Listens to an event while the component is mounted. The listener may be another one at each rendering: the last is called,
   * and the socket's listener stays the same.
   * @param event of the map, or `connect`, `disconnect`, `connect_error`
   * @throws Error `ERR_NO_PROVIDER` without a `SocketProvider` above
   * @example useEvent("said", (message) => setMessages((before) => [...before, message]));
   */
  useEvent<Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    this: void,
    event: Ev,
    listener: ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>,
  ): void;
  /**
   * Where the connection stands; the component is rendered again for each new status.
   * @throws Error `ERR_NO_PROVIDER` without a `SocketProvider` above
   * @example const isOnline = useStatus().state === "open";
   */
  useStatus(this: void): SocketStatus;
  /**
   * The function that emits; the same one at each rendering. For event handlers and effects: while rendering it throws.
   * @param options how acknowledgements are awaited
   * @throws Error `ERR_NO_PROVIDER` without a `SocketProvider` above
   * @example
   * const emit = useEmit({ timeout: 5000 });
   * const send = async () => setId((await emit.withAck("say", text)).id);
   */
  useEmit(this: void, options?: EmitOptions): Emit<EmitEvents>;
}

/**
 * An effect before those of all components, which may emit. On servers that render, up to React 18, layout effects are warned of.
 */
function useEarlyEffect(effect: EffectCallback, dependencies: DependencyList): void {
  const use = typeof document === "undefined" ? useEffect : useLayoutEffect;
  use(effect, dependencies);
}

type SharedContextType = Context<SharedSocket | undefined>;

function Provider({
  create,
  children,
  context,
}: SocketProviderProps & { readonly context: SharedContextType }): ReactElement {
  const [shared] = useState(() => new SharedSocket(create));
  useEarlyEffect(() => shared.retain(), [shared]);
  return createElement(context.Provider, { value: shared }, children);
}

function useShared(context: SharedContextType, name: string): SharedSocket {
  const shared = useContext(context);
  if (shared === undefined) throw bindingError("ERR_NO_PROVIDER", name);
  return shared;
}

/**
 * Makes the hooks for a map of events: those of `@sockeye/contract` (`ClientListens`, `ClientEmits`), or declared by hand.
 * @example
 * export const { SocketProvider, useEvent, useEmit } = socketHooks<ServerToClient, ClientToServer>();
 */
export function socketHooks<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
>(): SocketHooks<ListenEvents, EmitEvents> {
  const SharedContext: SharedContextType = createContext<SharedSocket | undefined>(undefined);

  return {
    // biome-ignore lint/correctness/noComponentHookFactories: a set is made once for a map, where modules are loaded.
    SocketProvider: (props) => createElement(Provider, { ...props, context: SharedContext }),
    useSocket: () => {
      const shared = useShared(SharedContext, "useSocket");
      const subscribe = useMemo(() => shared.subscribe.bind(shared), [shared]);
      const socket = useSyncExternalStore(
        subscribe,
        () => shared.socket,
        () => undefined,
      );
      return socket as BoundSocket<ListenEvents, EmitEvents> | undefined;
    },
    useEvent: (event, listener) => {
      const shared = useShared(SharedContext, "useEvent");
      const latest = useRef<UntypedListener>(listener as UntypedListener);
      useInsertionEffect(() => {
        latest.current = listener as UntypedListener;
      });
      useEffect(
        () => shared.listen(event as string, (...args) => latest.current(...args)),
        [shared, event],
      );
    },
    useStatus: () => {
      const shared = useShared(SharedContext, "useStatus");
      const subscribe = useMemo(() => shared.subscribe.bind(shared), [shared]);
      return useSyncExternalStore(
        subscribe,
        () => shared.status,
        () => IDLE,
      );
    },
    useEmit: ({ timeout } = {}) => {
      const shared = useShared(SharedContext, "useEmit");
      return useMemo(
        () => emitThrough<EmitEvents>(shared, timeout === undefined ? {} : { timeout }),
        [shared, timeout],
      );
    },
  };
}
