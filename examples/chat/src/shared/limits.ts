// The limits both sides keep to: the page to be helpful, the server because it must.

/** Longest name of a person, in characters. */
export const maxNameLength = 24;

/** Longest name of a room, in characters. */
export const maxRoomNameLength = 24;

/** Longest text of a message, in characters (UTF-16 units, as `maxlength` in HTML counts them). */
export const maxTextLength = 2000;

/** Largest picture, in bytes. */
export const maxPictureBytes: number = 2 * 1024 * 1024;

/** Longest side of a picture, in pixels. */
export const maxPictureSide = 20_000;

/** Messages of history kept per room. */
export const historyLength = 100;

/** Rooms that exist at the same time. */
export const maxRooms = 100;
