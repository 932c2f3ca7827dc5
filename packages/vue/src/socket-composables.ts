// The plugin and the composables, for one map of events. Each set has an injection key of its own, so that an application can
// have several namespaces.

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
import {
  type App,
  type InjectionKey,
  inject,
  onBeforeUnmount,
  onMounted,
  type ShallowRef,
  shallowReadonly,
  shallowRef,
} from "vue";

/** Options of the plugin. */
export interface SocketPluginOptions {
  /**
   * Makes the socket, or gives one that exists. Called in the browser alone, when the first component that uses it has
   * been mounted; the connection ends with the application.
   */
  readonly create: () => AnySocket;
}

/** A plugin for `app.use`. */
export interface SocketPlugin {
  install(app: App): void;
}

/** The plugin and the composables for one map of events. */
export interface SocketComposables<ListenEvents extends EventsMap, EmitEvents extends EventsMap> {
  /**
   * The plugin, which gives an application one connection. On a server that renders there is none.
   * @example createApp(Chat).use(socketPlugin({ create: () => io("https://example.com") })).mount("#app");
   */
  socketPlugin(this: void, options: SocketPluginOptions): SocketPlugin;
  /**
   * The socket, for what the other composables do not do.
   * @returns a reference that is `undefined` on a server that renders, and before the component has been mounted
   * @throws Error `ERR_NO_PROVIDER` when the application does not use the plugin
   * @example const socket = useSocket();
   */
  useSocket(this: void): Readonly<ShallowRef<BoundSocket<ListenEvents, EmitEvents> | undefined>>;
  /**
   * Listens to an event while the component is mounted.
   * @param event of the map, or `connect`, `disconnect`, `connect_error`
   * @throws Error `ERR_NO_PROVIDER` when the application does not use the plugin
   * @example useEvent("said", (message) => messages.value.push(message));
   */
  useEvent<Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    this: void,
    event: Ev,
    listener: ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>,
  ): void;
  /**
   * Where the connection stands.
   * @throws Error `ERR_NO_PROVIDER` when the application does not use the plugin
   * @example const status = useStatus();
   */
  useStatus(this: void): Readonly<ShallowRef<SocketStatus>>;
  /**
   * The function that emits. For event handlers, watchers and `onMounted`: in `setup` it throws.
   * @param options how acknowledgements are awaited
   * @throws Error `ERR_NO_PROVIDER` when the application does not use the plugin
   * @example const emit = useEmit({ timeout: 5000 });
   */
  useEmit(this: void, options?: EmitOptions): Emit<EmitEvents>;
}

/** The socket of an application, held by the application itself from the first component on. */
class AppSocket {
  readonly shared: SharedSocket;
  #release: (() => void) | undefined;

  constructor(app: App, options: SocketPluginOptions) {
    this.shared = new SharedSocket(options.create);
    app.onUnmount(() => {
      this.#release?.();
      this.#release = undefined;
    });
  }

  /** Called when a component has been mounted, which servers that render never do. */
  connect(): void {
    this.#release ??= this.shared.retain();
  }
}

type Key = InjectionKey<AppSocket>;

function sharedOf(key: Key, name: string): SharedSocket {
  const socket = inject(key, undefined);
  if (socket === undefined) throw bindingError("ERR_NO_PROVIDER", name);
  // Before the listeners of the component itself, which may emit.
  onMounted(() => socket.connect());
  return socket.shared;
}

/** A reference that follows the shared socket while the component is mounted. */
function following<Value>(shared: SharedSocket, read: () => Value): ShallowRef<Value> {
  const value = shallowRef(read()) as ShallowRef<Value>;
  const update = (): void => {
    value.value = read();
  };
  let stop = (): void => {};
  onMounted(() => {
    stop = shared.subscribe(update);
    update();
  });
  onBeforeUnmount(() => stop());
  return value;
}

/**
 * Makes plugin and composables for a map of events: those of `@sockeye/contract` (`ClientListens`, `ClientEmits`), or declared
 * by hand.
 * @example
 * export const { socketPlugin, useEvent, useEmit } = socketComposables<ServerToClient, ClientToServer>();
 */
export function socketComposables<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
>(): SocketComposables<ListenEvents, EmitEvents> {
  const key: Key = Symbol("the socket");
  return {
    socketPlugin: (options) => ({
      install: (app) => {
        app.provide(key, new AppSocket(app, options));
      },
    }),
    useSocket: () => {
      const shared = sharedOf(key, "useSocket");
      const socket = following(shared, () => shared.socket as unknown);
      return socket as ShallowRef<BoundSocket<ListenEvents, EmitEvents> | undefined>;
    },
    useEvent: (event, listener) => {
      const shared = sharedOf(key, "useEvent");
      let stop = (): void => {};
      onMounted(() => {
        stop = shared.listen(event as string, listener as UntypedListener);
      });
      onBeforeUnmount(() => stop());
    },
    useStatus: () => {
      const shared = sharedOf(key, "useStatus");
      return shallowReadonly(following(shared, () => shared.status));
    },
    useEmit: (options) => emitThrough<EmitEvents>(sharedOf(key, "useEmit"), options),
  };
}
