// What differs between platforms for a session.

import type { Cancel } from "../clock.ts";
import type { ClientDiagnostics } from "../diagnostics.ts";
import type { EngineOptions } from "../options.ts";
import type { PageEvent } from "../page-event.ts";
import type { CreateLink } from "./link.ts";
import type { UrlScheme } from "./session-url.ts";

/** What sessions need of the platform. */
export interface EnginePlatform {
  /** How binary messages are delivered unless the user changes it. */
  readonly binaryType: string;
  /** The diagnostics points, in builds that have them. */
  readonly diagnostics?: ClientDiagnostics | undefined;
  /** How the packets of sessions travel. */
  readonly createLink: CreateLink;
  /** Query parameters beyond the protocol's. */
  parametersFor?(options: EngineOptions, scheme: UrlScheme, sid: string | undefined): object;
  /** Listens to the user leaving the page. */
  onUnload?(listener: (event: PageEvent) => void): Cancel;
  /** Completes the options of one connection. */
  prepare?(options: EngineOptions): EngineOptions;
}
