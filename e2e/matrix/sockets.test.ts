// The columns rooms and namespaces of the compatibility matrix.
import { registerMatrix } from "./matrix.ts";
import { namespaces } from "./scenarios/namespaces.ts";
import { rooms } from "./scenarios/rooms.ts";

registerMatrix([...rooms, ...namespaces]);
