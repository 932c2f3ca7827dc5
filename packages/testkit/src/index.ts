// The testkit's list: parts for tests, and conformance cases as data.

export {
  type Answer,
  type Asked,
  type Dialled,
  dial,
  dialCandidate,
  type EngineCase,
  type EngineContext,
  type EngineHost,
  type EngineSetUp,
  type Need,
  openPolling,
  openWebSocket,
  POLLING,
  type PollingPeer,
  pollingPeer,
  type RequestParts,
  runCase,
  type SocketPeer,
  WEBSOCKET,
  type WirePeer,
} from "./cases/context.ts";
export { engineCases } from "./cases/engine.ts";
export { ClaimError } from "./claims.ts";
export * from "./cluster/index.ts";
export { FakeClock } from "./fake-clock.ts";
export { Inbox } from "./inbox.ts";
export { MemoryExchange } from "./memory-exchange.ts";
export { MemoryContext, memoryHost } from "./memory-host.ts";
export { MemorySession, type MemorySessionPlan } from "./memory-session.ts";
export { MemoryFrame, MemoryFramer, MemorySocket } from "./memory-socket.ts";
export { pipeHost } from "./pipe-host.ts";
export { PIPE, PipeTransport } from "./pipe-transport.ts";
export { type CaseHooks, Recorder, Session } from "./recorder.ts";
export { SeededRandom } from "./seeded-random.ts";
export { webTransportHost } from "./web-transport-host.ts";
