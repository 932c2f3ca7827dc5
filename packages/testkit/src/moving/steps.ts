// The steps of a conversation: what each side can do. Data only.

/** Number of clients. */
export const CLIENTS = 3;

/** How a client connects, and encodes its frames. */
export type Form =
  | ("websocket" | "websocket in base64" | "websocket of revision 3")
  | ("polling" | "polling in base64" | "polling of revision 3" | "jsonp");

/** What the server is set up with. */
export interface Setting {
  readonly codec: "json" | "msgpack" | "parser of others";
  readonly recovery: boolean;
  /**
   * What a move is: within the server; to a second one, and back; or the server ends after everything was saved, and another
   * one goes on with the adapters alone.
   */
  readonly servers: "one" | "two" | "one after the other";
}

/** Something that one client does. */
export type ClientAct =
  | { readonly act: "connect"; readonly form: Form; readonly recovers: boolean }
  | { readonly act: "join" | "leave"; readonly nsp: string }
  | {
      readonly act: "emit";
      readonly nsp: string;
      readonly event: readonly unknown[];
      readonly asks: boolean;
      /** Number of frames that are sent now; the others follow with `continue`. */
      readonly frames: number;
    }
  | { readonly act: "answer"; readonly which: "oldest" | "newest" | "again" | "unknown" }
  | { readonly act: "frame"; readonly frame: string }
  | { readonly act: "continue" | "beat" | "read" | "stop reading" | "mute" | "unmute" }
  | { readonly act: "offer" | "probe" | "upgrade" | "abort" | "post in part" | "close" | "cut" };

/** Something that the application does. */
export type ServerAct =
  | {
      readonly act: "tell" | "tell if writable" | "ask" | "dismiss" | "close";
      readonly client: number;
      readonly nsp: string;
      readonly size: number;
    }
  | { readonly act: "broadcast"; readonly nsp: string; readonly room: string | null };

/** One step. A run without moves leaves out what a move does, and nothing else. */
export type Step =
  | {
      readonly kind: "client";
      readonly client: number;
      readonly rounds: number;
      readonly does: ClientAct;
    }
  | { readonly kind: "server"; readonly rounds: number; readonly does: ServerAct }
  | { readonly kind: "move"; readonly client: number; readonly rounds: number };

/** What is said, and where. */
export interface Conversation {
  readonly seed: number;
  readonly setting: Setting;
  readonly steps: readonly Step[];
}
