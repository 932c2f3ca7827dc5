// The events between page and server.

/** Something that somebody should know. */
export interface Notification {
  readonly id: number;
  readonly from: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly isRead: boolean;
}

export interface ServerToClient {
  /** All of one's notifications, the newest first: with each connection that is not recovered. */
  all: (notifications: Notification[]) => void;
  added: (notification: Notification) => void;
  /** Read here or on another device of the same person. */
  read: (ids: number[]) => void;
}

export interface ClientToServer {
  /** The answer says whether there is such a person. */
  notify: (to: string, text: string, answer: (isKnown: boolean) => void) => void;
  /** Marks as read; without an id all. */
  read: (id: number | null) => void;
}

/** Who there is. An application has accounts here: see the example `accounts`. */
export const PEOPLE = ["Ada", "Bo", "Mira"] as const;
