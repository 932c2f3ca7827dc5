// What stands between the admission of a handshake and its completion.

import type { Admission } from "./admission.ts";
import type { ReplyHeaders, RequestHead } from "./ports/http.ts";
import type { Refusal } from "./refusals.ts";

/** Permission to complete a handshake; valid for one `attach` or `adopt`. */
export interface Ticket {
  readonly kind: "ticket";
  readonly request: RequestHead;
  /** Headers for the 101 response. */
  readonly headers: ReplyHeaders;
  readonly admission: Exclude<Admission, Refusal>;
  readonly id: string | null;
}
