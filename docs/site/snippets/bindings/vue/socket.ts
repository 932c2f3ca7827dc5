import { io, type Socket } from "@sockeye/client";
import { type SocketComposables, socketComposables } from "@sockeye/vue";
import type { ClientToServer, ServerToClient } from "../events.ts";

const composables: SocketComposables<ServerToClient, ClientToServer> = socketComposables();

export const { socketPlugin, useEmit, useEvent, useStatus } = composables;

export const connect = (): Socket<ServerToClient, ClientToServer> => io();
