// All surfaces, in the order of the table.

import type { Surface } from "./surface.ts";
import { checkedClients, completeClients, leanClients, miniClients } from "./surfaces/client.ts";
import {
  classicMessages,
  clusterMessages,
  compatibleMessages,
  logEntries,
} from "./surfaces/cluster.ts";
import { enginePackets, msgpackPackets, packets, payloads3, payloads4 } from "./surfaces/codecs.ts";
import { contracts } from "./surfaces/contract.ts";
import { streamFrames, webSocketFrames } from "./surfaces/frames.ts";
import { httpRequests } from "./surfaces/http.ts";
import { handshakes } from "./surfaces/http-handshake.ts";
import { serverByPolling, serverByWebSocket } from "./surfaces/server.ts";
import { sessionMessages } from "./surfaces/sessions.ts";

/** Those that need no network. */
export const inMemory: readonly Surface[] = [
  webSocketFrames,
  streamFrames,
  handshakes,
  enginePackets,
  payloads4,
  payloads3,
  packets,
  msgpackPackets,
  serverByWebSocket,
  serverByPolling,
  contracts,
  completeClients,
  leanClients,
  miniClients,
  checkedClients,
  clusterMessages,
  logEntries,
  compatibleMessages,
  classicMessages,
  sessionMessages,
];

/** All of them. */
export const surfaces: readonly Surface[] = [...inMemory, httpRequests];
