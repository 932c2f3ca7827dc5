// What the tests need of a browser, whatever drives it. Knows nothing of sockets and of the tests' pages.

/** The browsers under test. */
export type BrowserName = "chromium" | "firefox" | "webkit";

/** One tab, as its driver offers it. What a browser cannot be told is absent. */
export interface DrivenTab {
  /** Runs an expression in the page and returns its value, which must be plain data; a promise is awaited. */
  evaluate(expression: string): Promise<unknown>;
  goto(url: string): Promise<void>;
  /** Puts the tab in front of the others, which are hidden then. */
  bringToFront(): Promise<void>;
  close(): Promise<void>;
  /** Makes the page believe that the machine has lost the network, and the network fail. */
  setOffline?(isOffline: boolean): Promise<void>;
  /** Suspends a hidden page, as a browser does to save power. */
  freeze?(): Promise<void>;
  /** Ends `freeze`. */
  unfreeze?(): Promise<void>;
}

/** A running browser without any window. */
export interface DrivenBrowser extends AsyncDisposable {
  readonly name: BrowserName;
  newTab(): Promise<DrivenTab>;
}
