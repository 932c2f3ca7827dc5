// The package `cors` for the compiler, which finds it here by `paths`. Its own types name Node's, which portable code does
// not know.

/** Makes a middleware of the form of Express from options, or from a function that calls back with them. */
// biome-ignore lint/style/noDefaultExport: the package has one.
export default function cors(
  options?: unknown,
): (request: unknown, response: unknown, next: (error?: unknown) => void) => void;
