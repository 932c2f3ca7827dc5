// All conformance cases of the engine: data, for any host and any test runner.

import { closingCases } from "./closing.ts";
import type { EngineCase } from "./context.ts";
import { handshakeCases } from "./handshake.ts";
import { heartbeatCases } from "./heartbeat.ts";
import { olderPeerCases } from "./older-peers.ts";
import { pollingCases } from "./polling.ts";
import { refusalCases } from "./refusals.ts";
import { sendingCases } from "./sending.ts";
import { upgradeCases } from "./upgrade.ts";

/** Every case, in the order of the rules. */
export const engineCases: readonly EngineCase[] = [
  ...handshakeCases,
  ...pollingCases,
  ...refusalCases,
  ...upgradeCases,
  ...heartbeatCases,
  ...closingCases,
  ...sendingCases,
  ...olderPeerCases,
];
