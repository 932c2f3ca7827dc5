// Whether a build explains mistakes. The minified ES module does not, because every page loads it: `@sockeye/client/debug`
// is the same module with explanations.

/** Replaced by `false` where the module is minified, so that what depends on it falls away. */
export const CHECKS: boolean = true;
