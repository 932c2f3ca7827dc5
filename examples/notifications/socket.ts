// The functions of this application's events, and who one is.

import { io, type Socket } from "@sockeye/client";
import { type SocketFunctions, socketFunctions } from "@sockeye/svelte";
import { type ClientToServer, PEOPLE, type ServerToClient } from "./events.ts";

const functions: SocketFunctions<ServerToClient, ClientToServer> = socketFunctions();

export const { provideSocket, useEmit, useEvent, useStatus } = functions;

/** The name in the address, `?name=Bo`; Ada without one. */
export const me: string = new URLSearchParams(location.search).get("name") ?? PEOPLE[0];

/** Connects as oneself. */
export const connect = (): Socket<ServerToClient, ClientToServer> => io({ auth: { name: me } });
