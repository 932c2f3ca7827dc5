// The events between page and server.

/** What is measured, once a second. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Of one core, in per cent. */
  readonly cpu: number;
  /** Of the process, in megabytes. */
  readonly memory: number;
  /** The 99th percentile of how late timers were, in milliseconds. */
  readonly delay: number;
  readonly clients: number;
  /** Events that clients have sent within the second. */
  readonly events: number;
}

export interface ServerToClient {
  /** The last minute, with each connection. */
  history: (samples: Sample[]) => void;
  sample: (sample: Sample) => void;
}

export interface ClientToServer {
  /** Whether the page wants samples. */
  watch: (isWatching: boolean) => void;
  /** Something to be counted. */
  ping: (answer: () => void) => void;
}
