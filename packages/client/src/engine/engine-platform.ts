// What differs between platforms for a session.

import type { ClientDiagnostics } from "../diagnostics.ts";
import type { EngineOptions, TransportClass } from "../options.ts";
import type { UrlScheme } from "./session-url.ts";

/** What sessions need of the platform. */
export interface EnginePlatform {
  /** How binary messages are delivered unless the user changes it. */
  readonly binaryType: string;
  /** What carries a session unless there is more than that. */
  readonly webSocket: TransportClass;
  /** The diagnostics points, in builds that have them. */
  readonly diagnostics?: ClientDiagnostics | undefined;
  /** Query parameters beyond those of every session; `sid` is the session that a request belongs to. */
  parametersFor?(options: EngineOptions, scheme: UrlScheme, sid: string | undefined): object;
}
