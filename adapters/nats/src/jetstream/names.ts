// The subjects and streams of one cluster. All subjects begin with its key, answers included, so that an account of NATS
// needs permissions for `key.>` and for JetStream's own subjects, and no others.

/** The names of one cluster. */
export interface Names {
  /** The stream that keeps what was sent, and its subjects. */
  readonly log: StreamName;
  /** The stream that keeps the sessions, one message for each. */
  readonly sessions: StreamName;
  /** The stream that keeps which history the log has. */
  readonly state: StreamName;
  /** The subject of the history. */
  readonly epoch: string;
  /** The subject of a writer. Each has its own, so that its last message is found. */
  logOf(writer: string): string;
  sessionOf(id: string): string;
  /** Begins the subjects on which a node expects answers. */
  answersOf(node: string): string;
}

/** A stream and its subjects. */
export interface StreamName {
  readonly name: string;
  readonly subject: string;
}

/** The names that begin with a key. */
export function namesOf(key: string): Names {
  // Streams have no dots in their names, and no slashes.
  const prefix = token(key);
  return {
    log: { name: `${prefix}_log`, subject: `${key}.log.*` },
    sessions: { name: `${prefix}_sessions`, subject: `${key}.session.*` },
    state: { name: `${prefix}_state`, subject: `${key}.state.*` },
    epoch: `${key}.state.epoch`,
    logOf: (writer) => `${key}.log.${token(writer)}`,
    sessionOf: (id) => `${key}.session.${token(id)}`,
    answersOf: (node) => `${key}.answer.${token(node)}.`,
  };
}

/** A text as one part of a subject, or of the name of a stream; other texts become other parts. */
export function token(text: string): string {
  // Without `%`: servers 2.9 take the names of streams for formats.
  const escaped = encodeURIComponent(text).replace(/[.!~*'()]/g, (each) => `%${hex(each)}`);
  return escaped.replaceAll("%", "=");
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase();
}
