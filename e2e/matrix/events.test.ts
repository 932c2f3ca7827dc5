// The columns text, binary and acks of the compatibility matrix.
import { registerMatrix } from "./matrix.ts";
import { acks } from "./scenarios/acks.ts";
import { binary } from "./scenarios/binary.ts";
import { text } from "./scenarios/text.ts";

registerMatrix([...text, ...binary, ...acks]);
