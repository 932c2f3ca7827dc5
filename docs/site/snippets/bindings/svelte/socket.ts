import { io, type Socket } from "@sockeye/client";
import { type SocketFunctions, socketFunctions } from "@sockeye/svelte";
import type { ClientToServer, ServerToClient } from "../events.ts";

const functions: SocketFunctions<ServerToClient, ClientToServer> = socketFunctions();

export const { provideSocket, useEmit, useEvent, useStatus } = functions;

export const connect = (): Socket<ServerToClient, ClientToServer> => io();
