// The public list of the portable package.

export { type Clock, LONGEST_DELAY, type Milliseconds, waitFor } from "./clock.ts";
export {
  type CodedError,
  type ErrorFactory,
  type ErrorTable,
  errorFactory,
} from "./coded-error.ts";
export {
  type DeadlinePayloads,
  DeadlineQueue,
  Deadlines,
  type DeadlinesSetUp,
  type Timed,
  Waiting,
} from "./deadlines.ts";
export {
  type DebugSetUp,
  type Describe,
  debugText,
  type LayerNames,
  pointFilter,
  printPoints,
  shortened,
} from "./debug.ts";
export {
  createPoints,
  DiagnosticsPoint,
  type PointChannel,
  type PointFault,
  type PointListener,
  type PointRows,
  type Points,
  type PointsSetUp,
} from "./diagnostics.ts";
export { HELP_PAGE, withHelp } from "./help.ts";
export {
  amount,
  callback,
  custom,
  describe,
  flag,
  OptionError,
  type OptionRemark,
  type Resolved,
  type Rule,
  type Rules,
  resolveOptions,
  type Taken,
  unlessGiven,
  wordList,
} from "./option-rules.ts";
export { type FillRandom, IdGenerator } from "./random-id.ts";
