// The columns large and ordering of the compatibility matrix.
import { registerMatrix } from "./matrix.ts";
import { large } from "./scenarios/large.ts";
import { ordering } from "./scenarios/ordering.ts";

registerMatrix([...large, ...ordering]);
