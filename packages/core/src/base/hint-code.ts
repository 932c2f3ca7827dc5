// The codes of the core's hints: what is said to people beyond errors, in warnings and at diagnostics points.

/** The codes of the core's hints. */
export type CoreHintCode =
  /** Points `middlewareStalled`: middleware has not called `next` for as long as the option `slowMiddleware` says. */
  | "HINT_NEXT"
  /** A warning, and the point `dataLost`: a Map or a Set was sent, of which JSON keeps nothing. */
  | "HINT_LOSSY_DATA";
