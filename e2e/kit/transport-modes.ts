// The three ways a client may be carried: by polling alone, by WebSocket alone, or by polling that is
// upgraded to WebSocket.
import type { ClientOptions } from "./client-kinds.ts";

/** How a client reaches the server. */
export type TransportMode = "polling" | "websocket" | "upgrade";

/** Every mode, in the order of the matrix. */
export const transportModes: readonly TransportMode[] = ["polling", "websocket", "upgrade"];

/** The client options that bring a mode about. */
export function optionsFor(mode: TransportMode): ClientOptions {
  switch (mode) {
    case "polling":
      return { transports: ["polling"] };
    case "websocket":
      return { transports: ["websocket"] };
    case "upgrade":
      return { transports: ["polling", "websocket"] };
  }
}

/** The transport a connection of that mode ends up on. */
export function settledTransport(mode: TransportMode): "polling" | "websocket" {
  return mode === "polling" ? "polling" : "websocket";
}
