// The black-box suite: one set of cases for every server, over HTTP, bare TCP and WebSocket only. `chapters` are the
// cases, `BlackBoxHost` runs them, `Agent` is the side of the application.

export { Agent, type Launched, type ProgramHost } from "./agent.ts";
export { handshakeHead } from "./answers.ts";
export { Bench, type JoinedWebSocket } from "./bench.ts";
export {
  type BlackBoxCase,
  type Chapter,
  caseName,
  type Feature,
  features,
  type Need,
  needs,
  type Observed,
} from "./case.ts";
export { chapters } from "./cases/cases.ts";
export type {
  Clients,
  Headers,
  PendingRequest,
  RequestPlan,
  Response,
  TcpClient,
  WebSocketClient,
} from "./clients.ts";
export type { Command, Report, Step, Target } from "./commands.ts";
export type { Io, IoEngine, IoNamespace, IoSocket } from "./faces.ts";
export type { Plain } from "./plain.ts";
export { BlackBoxHost, type Channel } from "./run-case.ts";
export { type FramePlan, frame } from "./web-socket-frame.ts";
