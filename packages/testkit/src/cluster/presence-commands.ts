// What a test wants of presence on a server: users are named by the data of their sockets.

import {
  type Presence,
  type PresenceSocket,
  type PresenceTarget,
  withPresence,
} from "@sockeye/presence";

/** Something that a server is to do with presence. */
export type PresenceCommand =
  /** Who is present, with metadata, in a room or everywhere. */
  | { readonly op: "presence"; readonly room?: string }
  /** What listeners were called with since the last command of this kind: `+user`, `-user`, `~user`. */
  | { readonly op: "presence heard" }
  /** Names the user of a socket of this server; `null` for one who is not present. */
  | {
      readonly op: "presence set";
      readonly id: string;
      readonly user: string | null;
      readonly meta?: unknown;
    };

interface Described extends PresenceSocket {
  data: { user?: string | null; meta?: unknown };
}

/** Does what commands about presence say. */
export class PresenceCommanded {
  readonly #presence: Presence<unknown>;
  readonly #sockets: ReadonlyMap<string, Described>;
  #heard: string[] = [];

  constructor(namespace: unknown) {
    const target = namespace as PresenceTarget<Described> & {
      readonly sockets: ReadonlyMap<string, Described>;
    };
    this.#sockets = target.sockets;
    this.#presence = withPresence(target, {
      user: ({ data }: Described) => data.user,
      meta: ({ data }) => data.meta,
      rooms: (room) => room.startsWith("doc"),
    }).presence;
    this.#presence.on("join", ({ user }) => void this.#heard.push(`+${user}`));
    this.#presence.on("leave", ({ user }) => void this.#heard.push(`-${user}`));
    this.#presence.on("change", ({ user }) => void this.#heard.push(`~${user}`));
  }

  do(command: PresenceCommand): unknown {
    switch (command.op) {
      case "presence": {
        const view = command.room === undefined ? this.#presence : this.#presence.in(command.room);
        return view
          .list()
          .map(({ sessions, user }) => [user, sessions.map(({ meta }) => meta ?? null).sort()])
          .sort(([one], [other]) => (String(one) < String(other) ? -1 : 1));
      }
      case "presence heard": {
        const heard = this.#heard;
        this.#heard = [];
        return heard.sort();
      }
      case "presence set": {
        const socket = this.#sockets.get(command.id);
        if (socket === undefined) throw new Error(`no socket ${command.id}`);
        socket.data = { user: command.user, meta: command.meta };
        this.#presence.update(socket);
        return undefined;
      }
    }
  }
}
