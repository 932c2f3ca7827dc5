// The columns disconnect and reconnect of the compatibility matrix.
import { registerMatrix } from "./matrix.ts";
import { disconnect } from "./scenarios/disconnect.ts";
import { reconnect } from "./scenarios/reconnect.ts";

registerMatrix([...disconnect, ...reconnect]);
