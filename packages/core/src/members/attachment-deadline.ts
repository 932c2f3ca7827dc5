// The deadline for the attachments of a packet. It exists only while a packet is incomplete.

import type { DeadlineQueue, Timed } from "@sockeye/portable";
import type { Services } from "../base/services.ts";

/** The peer that sends them. */
export interface Attaching {
  /** The attachments of a packet have not come in time. */
  onAttachmentsOverdue(): void;
}

/** The deadline of one peer. */
export class AttachmentDeadline implements Timed {
  dueAt = 0;
  queue: DeadlineQueue | null = null;
  earlier: Timed | null = null;
  later: Timed | null = null;
  readonly #peer: Attaching;

  constructor(peer: Attaching) {
    this.#peer = peer;
  }

  onDue(): void {
    this.#peer.onAttachmentsOverdue();
  }
}

/** The deadline of a peer after a frame: armed while attachments are missing, `null` otherwise. */
export function deadlineAfter(
  current: AttachmentDeadline | null,
  isMissing: boolean,
  { peer, services }: { readonly peer: Attaching; readonly services: Services },
): AttachmentDeadline | null {
  if (isMissing === (current !== null)) return current;
  if (current !== null) services.deadlines.disarm(current);
  if (!isMissing) return null;
  const deadline = new AttachmentDeadline(peer);
  services.deadlines.arm(deadline, services.attachmentTimeout);
  return deadline;
}
