import { io, type Socket } from "@sockeye/client";
import { socketHooks } from "@sockeye/react";
import type { ClientToServer, ServerToClient } from "../events.ts";

export const { SocketProvider, useEmit, useEvent, useStatus } = socketHooks<
  ServerToClient,
  ClientToServer
>();

export const connect = (): Socket<ServerToClient, ClientToServer> => io();
