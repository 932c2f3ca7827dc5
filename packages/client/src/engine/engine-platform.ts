// What differs between platforms for a session.

import type { ClientDiagnostics } from "../diagnostics.ts";
import type { TransportClass } from "../options.ts";

/** What sessions need of the platform. */
export interface EnginePlatform {
  /** How binary messages are delivered unless the user changes it. */
  readonly binaryType: string;
  /** What carries a session unless there is more than that. */
  readonly webSocket: TransportClass;
  /** The diagnostics points, in builds that have them. */
  readonly diagnostics?: ClientDiagnostics | undefined;
}
