// What applications see of presence.

/** One connection of a user: a tab, an app, a device. */
export interface PresentSession<Meta> {
  /** The id of its socket. */
  readonly id: string;
  /** The server that it is connected to, by the name that it has in the cluster; empty where there is one server only. */
  readonly node: string;
  /** What the option `meta` has returned, as JSON; `undefined` without the option. */
  readonly meta: Meta;
  /** The rooms that it is in, as far as the option `rooms` selects them. */
  readonly rooms: readonly string[];
}

/** A user who is present. Never changes: a later state is another object. */
export interface PresentUser<Meta> {
  /** What the option `user` has returned. */
  readonly user: string;
  /** The sessions of the user; none while `leaveGrace` passes after the last of them has ended. */
  readonly sessions: readonly PresentSession<Meta>[];
}

/** What has changed between two moments. A user is in one of the lists. */
export interface PresenceDiff<Meta> {
  /** Users who were not present before. */
  readonly joined: readonly PresentUser<Meta>[];
  /** Users who are not present any more, as they were before. */
  readonly left: readonly PresentUser<Meta>[];
  /** Users whose sessions, metadata or rooms have changed, as they are now. */
  readonly changed: readonly PresentUser<Meta>[];
}

/** The events of a view, with the arguments of their listeners. */
export interface PresenceEvents<Meta> {
  /** A user is present who was not before. */
  join: (user: PresentUser<Meta>) => void;
  /** A user is not present any more; called with the last state. */
  leave: (user: PresentUser<Meta>) => void;
  /** A user has another session, one less, or other metadata or rooms. */
  change: (user: PresentUser<Meta>) => void;
  /** All of it, once for each turn of the event loop in which anything has changed. */
  diff: (diff: PresenceDiff<Meta>) => void;
}

/** A session as its server describes it to the others. */
export interface Entry {
  readonly id: string;
  readonly user: string;
  readonly meta?: unknown;
  readonly rooms?: readonly string[];
}
