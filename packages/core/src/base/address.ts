// The receivers of a broadcast as a value: rooms, exceptions and flags. Knows no adapter and no socket.

import type { BroadcastFlags, BroadcastOptions, Room } from "@sockeye/adapter";

/** Rooms (none: every socket of the namespace), rooms whose members are excepted, and flags. Immutable. */
export interface Address {
  readonly rooms: ReadonlySet<Room>;
  readonly except: ReadonlySet<Room>;
  readonly flags: Readonly<BroadcastFlags>;
}

/** Every socket of the namespace, without exceptions or flags. */
export const ALL_SOCKETS: Address = { rooms: new Set(), except: new Set(), flags: {} };

function union(set: ReadonlySet<Room>, more: Room | readonly Room[]): Set<Room> {
  const rooms = new Set(set);
  if (Array.isArray(more)) for (const room of more as readonly Room[]) rooms.add(room);
  else rooms.add(more as Room);
  return rooms;
}

/** The address with the members of these rooms added. */
export function withRooms(address: Address, room: Room | readonly Room[]): Address {
  return { ...address, rooms: union(address.rooms, room) };
}

/** The address without the members of these rooms. */
export function withoutRooms(address: Address, room: Room | readonly Room[]): Address {
  return { ...address, except: union(address.except, room) };
}

/** The address with further flags. */
export function withFlags(address: Address, flags: BroadcastFlags): Address {
  return { ...address, flags: { ...address.flags, ...flags } };
}

/** The address as adapters expect it: with new sets, which the adapter may change. */
export function optionsOf({ rooms, except, flags }: Address): BroadcastOptions {
  return { rooms: new Set(rooms), except: new Set(except), flags: { ...flags } };
}

/** One room or several, as a list. */
export function listOf(room: Room | Room[]): Room[] {
  return Array.isArray(room) ? room : [room];
}
