// What applications hold in their hands: the word that stands for each of them in docs/compatibility.md,
// and the interfaces and classes that declare its members. Knows no member by name.

const CORE = "packages/core/src/typed";
const CLIENT = "packages/client/src/typed";

/**
 * What applications hold: the word that stands for it in items, and where its members are declared.
 * @type {{ section: string, subject: string, declared: Record<string, string[]> }[]}
 */
export const FACES = [
  {
    section: "Server",
    subject: "io",
    declared: {
      "hosts/node/src/typed.ts": ["Entrances"],
      "packages/server/src/typed.ts": ["HostedServer"],
      [`${CORE}/faces.ts`]: ["Server"],
      [`${CORE}/broadcast-api.ts`]: ["BroadcastApi"],
      [`${CORE}/broadcast-operator.ts`]: ["Addressing", "BroadcastModifiers", "SocketSelection"],
      [`${CORE}/listening.ts`]: ["ServerListening"],
      "packages/events/src/event-map.ts": ["TypedListening"],
    },
  },
  {
    section: "Server",
    subject: "namespace",
    declared: {
      [`${CORE}/faces.ts`]: ["Namespace", "ParentNamespace"],
      [`${CORE}/broadcast-api.ts`]: ["BroadcastApi"],
      [`${CORE}/broadcast-operator.ts`]: ["Addressing", "BroadcastModifiers", "SocketSelection"],
      [`${CORE}/listening.ts`]: ["ServerListening"],
    },
  },
  {
    section: "Server",
    subject: "socket",
    declared: {
      [`${CORE}/faces.ts`]: ["Socket"],
      [`${CORE}/socket-facts.ts`]: ["SocketFacts"],
      [`${CORE}/broadcast-operator.ts`]: ["Addressing"],
      [`${CORE}/listening.ts`]: ["ServerListening"],
      "packages/events/src/event-map.ts": [
        "TypedListening",
        "CatchAllListening",
        "TypedEventBroadcaster",
      ],
    },
  },
  {
    section: "Server",
    subject: "operator",
    declared: {
      [`${CORE}/broadcast-operator.ts`]: [
        "Addressing",
        "BroadcastModifiers",
        "SocketSelection",
        "BroadcastOperator",
      ],
      "packages/events/src/event-map.ts": ["TypedEventBroadcaster"],
    },
  },
  {
    section: "Server",
    subject: "remote",
    declared: {
      [`${CORE}/remote-socket.ts`]: ["RemoteSocket", "RemoteEmitter"],
      "packages/events/src/event-map.ts": ["TypedEventBroadcaster"],
    },
  },
  {
    section: "Server",
    subject: "handshake",
    declared: { "packages/core/src/base/handshake.ts": ["Handshake"] },
  },
  {
    section: "Server",
    subject: "adapter",
    declared: { "packages/adapter/src/contract.ts": ["AdapterContract"] },
  },
  {
    section: "Server",
    subject: "engine",
    declared: {
      "packages/server/src/engine-server.ts": ["EngineServer"],
      "hosts/node/src/engine/engine-server.ts": ["EngineServer"],
    },
  },
  {
    section: "Server",
    subject: "conn",
    declared: { "packages/core/src/compat/connection-face.ts": ["ConnectionFace"] },
  },
  {
    section: "Client",
    subject: "socket",
    declared: {
      [`${CLIENT}/faces.ts`]: ["BaseSocket", "Socket"],
      [`${CLIENT}/listening.ts`]: ["ClientListening"],
      "packages/events/src/event-map.ts": ["TypedListening", "CatchAllListening"],
    },
  },
  {
    section: "Client",
    subject: "manager",
    declared: {
      [`${CLIENT}/faces.ts`]: ["BaseManager", "Manager"],
      [`${CLIENT}/listening.ts`]: ["ClientListening"],
      "packages/events/src/event-map.ts": ["TypedListening"],
    },
  },
];
