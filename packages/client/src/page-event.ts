// Events of the page that connections look at.

/** An event of the page, as far as connections look at it. */
export interface PageEvent {
  readonly type: string;
  /** Whether the page comes from the back-forward cache, which has cut its connections. */
  readonly persisted?: boolean;
}
