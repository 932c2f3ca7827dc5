// The column disconnect of the compatibility matrix.
import { registerMatrix } from "./matrix.ts";
import { disconnect } from "./scenarios/disconnect.ts";

registerMatrix(disconnect);
