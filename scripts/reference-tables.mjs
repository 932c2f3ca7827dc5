// Where the sources have what the pages of docs/reference are made of. Holds data only.

/** @type {{ title: string, file: string, interface: string }[]} */
export const OPTIONS = [
  {
    title: "Server: connections",
    file: "packages/engine/src/options.ts",
    interface: "EngineOptions",
  },
  {
    title: "Server: namespaces and sockets",
    file: "packages/core/src/base/options.ts",
    interface: "CoreOptions",
  },
  {
    title: "Server: `connectionStateRecovery`",
    file: "packages/core/src/base/options.ts",
    interface: "RecoveryOptions",
  },
  {
    title: "Server: `connectionStateRecovery.replay`",
    file: "packages/core/src/base/options.ts",
    interface: "ReplayOptions",
  },
  {
    title: "Server: HTTP",
    file: "packages/server/src/options.ts",
    interface: "HttpOptions",
  },
  {
    title: "Server: adapters of a cluster",
    file: "packages/adapter/src/cluster/options.ts",
    interface: "ClusterOptions",
  },
  {
    title: "Server: adapters of a cluster with a log",
    file: "packages/adapter/src/log/options.ts",
    interface: "LogOptions",
  },
  {
    title: "Server: `@sockeye/redis`",
    file: "adapters/redis/src/options.ts",
    interface: "RedisOptions",
  },
  {
    title: "Server: `createStreamsAdapter` of `@sockeye/redis`",
    file: "adapters/redis/src/options.ts",
    interface: "StreamsOptions",
  },
  {
    title: "Server: `@sockeye/postgres`",
    file: "adapters/postgres/src/options.ts",
    interface: "PostgresOptions",
  },
  {
    title: "Server: `createLogAdapter` of `@sockeye/postgres`",
    file: "adapters/postgres/src/options.ts",
    interface: "PostgresLogOptions",
  },
  {
    title: "Server: `@sockeye/nats`",
    file: "adapters/nats/src/options.ts",
    interface: "NatsOptions",
  },
  {
    title: "Server: `createJetStreamAdapter` of `@sockeye/nats`",
    file: "adapters/nats/src/options.ts",
    interface: "JetStreamOptions",
  },
  {
    title: "Server: `@sockeye/cluster`",
    file: "adapters/cluster/src/index.ts",
    interface: "WorkerOptions",
  },
  {
    title: "Server: `limits` of `@sockeye/limits`",
    file: "packages/limits/src/options.ts",
    interface: "LimitsOptions",
  },
  {
    title: "Server: `withPresence` of `@sockeye/presence`",
    file: "packages/presence/src/options.ts",
    interface: "PresenceOptions",
  },
  {
    title: "Server: `setupPrimary` of `@sockeye/cluster`",
    file: "adapters/cluster/src/sticky-primary.ts",
    interface: "StickyOptions",
  },
  { title: "Server: Node only", file: "hosts/node/src/options.ts", interface: "NodeOptions" },
  { title: "Server: Bun only", file: "hosts/bun/src/options.ts", interface: "BunOptions" },
  { title: "Server: Deno only", file: "hosts/deno/src/options.ts", interface: "DenoOptions" },
  { title: "Server: fetch only", file: "hosts/fetch/src/options.ts", interface: "FetchOptions" },
  {
    title: "Server: Workers only",
    file: "hosts/workers/src/options.ts",
    interface: "WorkersOptions",
  },
  {
    title: "Server: uWebSockets.js only",
    file: "hosts/uws/src/options.ts",
    interface: "UwsOptions",
  },
  { title: "Client: sockets", file: "packages/client/src/options.ts", interface: "SocketOptions" },
  {
    title: "Client: `indexedDbOutbox()`",
    file: "packages/client/src/outbox/outbox-options.ts",
    interface: "StoredOutboxOptions",
  },
  { title: "Client: `io()`", file: "packages/client/src/options.ts", interface: "ClientOptions" },
  { title: "Client: manager", file: "packages/client/src/options.ts", interface: "ManagerOptions" },
  {
    title: "Client: connections",
    file: "packages/client/src/options.ts",
    interface: "EngineOptions",
  },
];

/** @type {{ title: string, file: string, type: string }[]} */
export const REASONS = [
  {
    title: "Server: a connection has ended",
    file: "packages/engine/src/reasons.ts",
    type: "Reason",
  },
  {
    title: "Server: only a socket has ended, or more is known",
    file: "packages/core/src/base/reasons.ts",
    type: "DisconnectReason",
  },
  {
    title: "Client",
    file: "packages/client/src/typed/reserved-events.ts",
    type: "DisconnectReason",
  },
];

/**
 * The tables of errors, package by package. `table`: a constant of codes and messages; `codes`: a union of codes;
 * `messages`: a union of messages of errors without a code; `both`: a union of codes, whose comments begin with the
 * message. `note` stands below the title.
 * @typedef {"table" | "codes" | "messages" | "both"} ErrorKind
 * @typedef {{ title: string, file: string, kind: ErrorKind, name: string, prefix?: string, note?: string }} Errors
 * @type {Errors[]}
 */
export const ERRORS = [
  {
    title: "`@sockeye/core`: namespaces and sockets",
    file: "packages/core/src/base/errors.ts",
    kind: "table",
    name: "CORE_ERRORS",
  },
  {
    title: "`@sockeye/adapter/cluster`: servers among each other",
    file: "packages/adapter/src/cluster/errors.ts",
    kind: "table",
    name: "CLUSTER_ERRORS",
  },
  {
    title: "`@sockeye/presence`: who is online",
    file: "packages/presence/src/errors.ts",
    kind: "table",
    name: "PRESENCE_ERRORS",
  },
  {
    title: "`@sockeye/react`, `@sockeye/vue`, `@sockeye/svelte`: components",
    file: "packages/binding/src/errors.ts",
    kind: "table",
    name: "BINDING_ERRORS",
  },
  {
    title: "`@sockeye/engine`: connections",
    file: "packages/engine/src/errors.ts",
    kind: "table",
    name: "ENGINE_ERRORS",
  },
  {
    title: "`@sockeye/engine`: refused requests, numbers in the response and in `connection_error`",
    file: "packages/engine/src/refusals.ts",
    kind: "table",
    name: "RefusalCode",
  },
  {
    title: "`@sockeye/engine`: `TransportError` of polling, as details of a disconnection",
    file: "packages/engine/src/transport-error.ts",
    kind: "messages",
    name: "PollingFault",
  },
  {
    title: "`@sockeye/protocol`: `ProtocolError`, for received data",
    file: "packages/protocol/src/protocol-error.ts",
    kind: "codes",
    name: "ProtocolErrorCode",
  },
  {
    title: "`@sockeye/protocol`: `TypeError`, for data that cannot be sent",
    file: "packages/protocol/src/encoding-errors.ts",
    kind: "messages",
    name: "EncodingFault",
  },
  {
    title: "`@sockeye/client`: the outbox",
    file: "packages/client/src/outbox/outbox-errors.ts",
    kind: "codes",
    name: "OutboxErrorCode",
  },
  {
    title: "`@sockeye/portable`: `OptionError`, for options",
    file: "packages/portable/src/option-rules.ts",
    kind: "codes",
    name: "OptionErrorCode",
  },
  {
    title: "`@sockeye/limits`: what clients get as `code`",
    file: "packages/limits/src/errors.ts",
    kind: "codes",
    name: "LimitCode",
  },
  {
    title: "`@sockeye/limits`: `TypeError`, for options",
    file: "packages/limits/src/errors.ts",
    kind: "codes",
    name: "LimitsOptionCode",
  },
  {
    title: "`@sockeye/auth`: what clients get as `code`",
    file: "packages/auth/src/errors.ts",
    kind: "codes",
    name: "AuthCode",
  },
  {
    title: "`@sockeye/auth`: `TypeError`, for options",
    file: "packages/auth/src/errors.ts",
    kind: "codes",
    name: "AuthOptionCode",
  },
  {
    title: "Servers that listen: Node, Bun, Deno and uWebSockets.js",
    file: "packages/server/src/errors.ts",
    kind: "table",
    name: "SERVER_ERRORS",
  },
  {
    title: "`@sockeye/node`: the server",
    file: "hosts/node/src/errors.ts",
    kind: "table",
    name: "NODE_ERRORS",
  },
  {
    title: "`@sockeye/bun`: the server",
    file: "hosts/bun/src/errors.ts",
    kind: "table",
    name: "BUN_ERRORS",
  },
  {
    title: "`@sockeye/deno`: the server",
    file: "hosts/deno/src/errors.ts",
    kind: "table",
    name: "DENO_ERRORS",
  },
  {
    title: "`@sockeye/fetch`: the server",
    file: "hosts/fetch/src/errors.ts",
    kind: "table",
    name: "FETCH_ERRORS",
  },
  {
    title: "`@sockeye/workers`: the server",
    file: "hosts/workers/src/errors.ts",
    kind: "table",
    name: "WORKERS_ERRORS",
  },
  {
    title: "`@sockeye/uws`: the server",
    file: "hosts/uws/src/errors.ts",
    kind: "table",
    name: "UWS_ERRORS",
  },
  {
    title: "`@sockeye/node`: WebSocket frames, as details of a disconnection",
    file: "packages/websocket/src/frame-error.ts",
    kind: "codes",
    name: "FrameErrorCode",
    prefix: "WS_ERR_",
  },
  {
    title: "`@sockeye/client`: the client",
    file: "packages/client/src/errors.ts",
    kind: "both",
    name: "ClientErrorCode",
    note: "Minified builds have no codes, to be small: there, compare the message. Node and the readable builds have them. `parser error` and `invalid handshake` are in all of them.",
  },
  {
    title: "`@sockeye/client`: hints",
    file: "packages/client/src/hints/hint-code.ts",
    kind: "codes",
    name: "ClientHintCode",
    note: "What is probably behind an error, in its property `hintCode`; `hint` says it in words. Minified builds have those of answers only.",
  },
  {
    title: "`@sockeye/core`: hints",
    file: "packages/core/src/base/hint-code.ts",
    kind: "codes",
    name: "CoreHintCode",
    note: "In payloads of diagnostics points, and in warnings.",
  },
];

/** @type {{ title: string, file: string, scope: string, payloads: string }[]} */
export const POINTS = [
  {
    title: "Server: sockets, namespaces, packets (`io.diagnostics.core`)",
    file: "packages/core/src/base/diagnostics.ts",
    scope: "sockeye:core",
    payloads: "CorePayloads",
  },
  {
    title: "Server: connections and transports (`io.diagnostics.engine`)",
    file: "packages/engine/src/diagnostics.ts",
    scope: "sockeye:engine",
    payloads: "EnginePayloads",
  },
  {
    title: "Server: deadlines (`io.diagnostics.deadlines`)",
    file: "packages/portable/src/deadlines.ts",
    scope: "sockeye:deadlines",
    payloads: "DeadlinePayloads",
  },
  {
    title: "Server: requests, under the name of the host (`io.diagnostics.node`)",
    file: "packages/server/src/diagnostics.ts",
    scope: "sockeye:node",
    payloads: "HostPayloads",
  },
  {
    title: "Server: other servers (`diagnostics` of a cluster's adapter)",
    file: "packages/adapter/src/cluster/diagnostics.ts",
    scope: "sockeye:cluster",
    payloads: "ClusterPayloads",
  },
  {
    title: "Server: who is online (`io.presence.diagnostics`)",
    file: "packages/presence/src/diagnostics.ts",
    scope: "sockeye:presence",
    payloads: "PresencePayloads",
  },
  {
    title: "Server: limits (`limits(io, …).diagnostics`)",
    file: "packages/limits/src/diagnostics.ts",
    scope: "sockeye:limits",
    payloads: "LimitsPayloads",
  },
  {
    title: "Client: in Node and in readable builds",
    file: "packages/client/src/diagnostics.ts",
    scope: "sockeye:client",
    payloads: "ClientPayloads",
  },
];

/** @type {{ title: string, file: string, type: string }[]} */
export const WORDS = [
  {
    title: "Limits of `sockeye:core:limitReached`",
    file: "packages/core/src/base/diagnostics.ts",
    type: "CoreLimit",
  },
  {
    title: "Reasons of `sockeye:core:recoveryMissed`",
    file: "packages/core/src/base/diagnostics.ts",
    type: "RecoveryMiss",
  },
  {
    title: "Reasons of `sockeye:cluster:logGap`",
    file: "packages/adapter/src/cluster/diagnostics.ts",
    type: "LogGap",
  },
  {
    title: "Kinds of `onListenerError` and of `sockeye:core:userCodeFailed`",
    file: "packages/core/src/base/diagnostics.ts",
    type: "UserCodeKind",
  },
  {
    title: "Limits of `sockeye:limits:limitReached`",
    file: "packages/limits/src/diagnostics.ts",
    type: "LimitName",
  },
  {
    title: "Limits of `sockeye:presence:limitReached`",
    file: "packages/presence/src/diagnostics.ts",
    type: "PresenceLimit",
  },
];
