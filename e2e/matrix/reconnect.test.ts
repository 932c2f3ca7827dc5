// The column reconnect of the compatibility matrix.
import { registerMatrix } from "./matrix.ts";
import { reconnect } from "./scenarios/reconnect.ts";

registerMatrix(reconnect);
