// All chapters, in the order of the table.

import type { Chapter } from "../case.ts";
import { allowRequest, engine } from "./admission.ts";
import { badInput } from "./bad-input.ts";
import { closing } from "./closing.ts";
import { cookies } from "./cookies.ts";
import { cors } from "./cors.ts";
import { errors } from "./errors.ts";
import { ackCases, events, roomCases } from "./events.ts";
import { files } from "./files.ts";
import { handshake } from "./handshake.ts";
import { heartbeat } from "./heartbeat.ts";
import { limits } from "./limits.ts";
import { namespaces } from "./namespaces.ts";
import { jsonp, revision3 } from "./older-clients.ts";
import { options } from "./options.ts";
import { packets } from "./packets.ts";
import { paths } from "./paths.ts";
import { polling } from "./polling.ts";
import { recovery } from "./recovery.ts";
import { upgrade } from "./upgrade.ts";

/** Every black-box case, by feature. */
export const chapters: readonly Chapter[] = [
  handshake,
  paths,
  cors,
  cookies,
  files,
  options,
  allowRequest,
  engine,
  errors,
  namespaces,
  packets,
  events,
  roomCases,
  ackCases,
  polling,
  upgrade,
  heartbeat,
  recovery,
  closing,
  badInput,
  limits,
  revision3,
  jsonp,
];
