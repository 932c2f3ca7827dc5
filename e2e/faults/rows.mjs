// All rows, in the order of the table.

import { clientRows } from "./rows/client.mjs";
import { doorRows } from "./rows/doors.mjs";
import { frameRows } from "./rows/frames.mjs";
import { loadRows } from "./rows/load.mjs";
import { packetRows } from "./rows/packets.mjs";
import { pause } from "./wire.mjs";

/** What the others are compared with. */
const nothing = {
  title: "nothing at all",
  async attack({ scale }) {
    await pause(5000 * scale);
    return { inputs: 0 };
  },
};

export const rows = [nothing, ...loadRows, ...frameRows, ...packetRows, ...doorRows, ...clientRows];
