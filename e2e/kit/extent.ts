// How much a run shows. Decision 0040 says what each leaves out, and what stays in its place.

/** Everything: `SOCKEYE_MATRIX=1`. */
export const isWhole: boolean = process.env["SOCKEYE_MATRIX"] !== undefined;

/** What the pipeline shows (`CI=true`): beside one of each kind the other browsers, engines, pages and examples. */
export const isBroad: boolean = isWhole || process.env["CI"] === "true";
