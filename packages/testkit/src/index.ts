// The testkit's list: parts for tests, and conformance cases as data.

export { FakeClock } from "./fake-clock.ts";
