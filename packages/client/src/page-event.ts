// Events of the page that concern connections.

/** An event of the page, as far as it concerns connections. */
export interface PageEvent {
  readonly type: string;
  /** Whether the page comes from the back-forward cache, which has cut its connections. */
  readonly persisted?: boolean;
}
