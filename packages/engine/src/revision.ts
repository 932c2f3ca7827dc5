// The revisions of the Engine.IO protocol that are spoken here.

/** The revision that a request names; anything but `4` means 3. */
export type Revision = 3 | 4;
