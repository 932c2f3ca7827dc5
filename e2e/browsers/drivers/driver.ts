// What the tests need of a browser, whatever drives it. Knows nothing of sockets and of the tests' pages.
import type { Resume } from "./process-tree.ts";

/** The browsers under test. */
export type BrowserName = "chromium" | "firefox" | "webkit";

/** One tab, as its driver offers it. */
export interface DrivenTab {
  /** Runs an expression in the page and returns its value, which must be plain data; a promise is awaited. */
  evaluate(expression: string): Promise<unknown>;
  goto(url: string): Promise<void>;
  /** Something else is in front of the page: it becomes hidden, and is told so. */
  hide(): Promise<void>;
  /** Ends `hide`. */
  show(): Promise<void>;
  /** Stops a hidden page: no timer, listener or promise of it runs. Nothing may be evaluated meanwhile. */
  freeze(): Promise<void>;
  /** Ends `freeze`. */
  unfreeze(): Promise<void>;
  /** Cuts the browser off from the network, and lets the page know. Absent where no driver can do that. */
  setOffline?(isOffline: boolean): Promise<void>;
  close(): Promise<void>;
  /** The process of the page ends, as in a crash; the tab can only be closed after that. Absent where no driver can do that. */
  crash?(): Promise<void>;
}

/** A running browser whose windows nobody sees. */
export interface DrivenBrowser extends AsyncDisposable {
  readonly name: BrowserName;
  newTab(): Promise<DrivenTab>;
  /** Stops every process of the browser, as when its machine sleeps; returns what lets them go on. */
  stopProcesses(): Resume;
}
