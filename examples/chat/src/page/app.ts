// The page's entry: makes the parts, connects them, and opens the first room.

import { lobby } from "../shared/names.ts";
import { ChatPage, type PageState } from "./chat-page.ts";
import { chatSocket } from "./chat-socket.ts";
import { Composer } from "./composer.ts";
import { Connection } from "./connection.ts";
import { ConnectionView } from "./connection-view.ts";
import { Drawer } from "./drawer.ts";
import { byId } from "./element.ts";
import { Identity } from "./identity.ts";
import { Lightbox } from "./lightbox.ts";
import { MeView } from "./me-view.ts";
import { MessageLog } from "./message-log.ts";
import { NameDialog } from "./name-dialog.ts";
import { Notice } from "./notice.ts";
import { PeopleList } from "./people-list.ts";
import { goToRoom, RoomList, roomInAddress } from "./room-list.ts";
import { rowsOf } from "./rows.ts";
import { TypingList } from "./typing-list.ts";
import { TypingNotice } from "./typing-notice.ts";

const identity = new Identity();
const socket = chatSocket(() => ({ key: identity.key(), name: identity.name() ?? "" }));

const notice = new Notice();
const lightbox = new Lightbox();
const roomList = new RoomList();
const peopleList = new PeopleList();
const typingList = new TypingList();
const typingNotice = new TypingNotice(socket);
const meView = new MeView(() => nameDialog.open(identity.name(), "may"));
const drawers = [
  new Drawer("rooms-panel", "rooms-open"),
  new Drawer("people-panel", "people-open"),
] as const;

const page = new ChatPage(socket, {
  onLists: showLists,
  onMessages: ({ timeline, me, startedAt }, news) => {
    if (me !== undefined) log.show(rowsOf(timeline, { me, startedAt }), news);
  },
  onTyping: (person, isTyping) => typingList.heard(person, isTyping),
  onArrived: (authorId) => typingList.gone(authorId),
  onProblem: (text) => notice.say(text),
  onRoomRefused: () => goToRoom(lobby),
});

const log = new MessageLog({
  pictures: page.pictures,
  onOpenPicture: (image) => lightbox.open(image),
});

const composer = new Composer({
  onSend: (text, picture) => {
    typingNotice.stop();
    page.send(text, picture);
  },
  onInput: (text) => typingNotice.changed(text),
  onProblem: (reason) => notice.say(reason),
});

const connectionView = new ConnectionView();
const connection = new Connection(socket, (report) => {
  connectionView.show(report);
  const { status } = report;
  if (status.state !== "open") typingList.clear();
  // Refused at the door: the name is the only thing a person can do something about.
  if (status.state === "closed") nameDialog.complain(status.reason);
});

const nameDialog = new NameDialog((name) => void takeName(name));

async function takeName(name: string): Promise<void> {
  if (socket.connected) {
    const answer = await page.rename(name);
    if (answer === "lost") return nameDialog.complain("The server is out of reach. Try again.");
    if (!answer.ok) return nameDialog.complain(answer.problem.message);
  }
  identity.rename(name);
  nameDialog.close();
  socket.connect();
  composer.focus();
}

function showLists({ rooms, room, people, me, unread }: PageState): void {
  roomList.show(rooms, room, unread);
  peopleList.show(people, room, me);
  if (me !== undefined) meView.show(me);
  const total = unread.total();
  document.title = `${total > 0 ? `(${total}) ` : ""}#${room} · Sockeye chat`;
}

function showRoomInAddress(): void {
  const room = roomInAddress();
  typingNotice.stop();
  typingList.clear();
  byId("room-title", HTMLElement).textContent = room;
  composer.showRoom(room);
  page.goTo(room);
  for (const drawer of drawers) drawer.close();
  // On a touch screen the focus would bring up the keyboard unasked.
  if (identity.name() !== undefined && matchMedia("(pointer: fine)").matches) composer.focus();
}

for (const part of [lightbox, roomList, meView, log, composer, nameDialog, ...drawers]) {
  part.listen();
}
connectionView.onRetry(() => socket.connect());
window.addEventListener("hashchange", showRoomInAddress);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) page.lookedAt();
});

page.listen();
connection.watch();
showRoomInAddress();
if (identity.name() === undefined) nameDialog.open(undefined, "must");
else socket.connect();
