// The element of one row of the log. What a person wrote is only ever inserted as text.

import type { PictureInfo } from "../shared/events.ts";
import { avatar, tint } from "./avatar.ts";
import { element } from "./element.ts";
import { type Piece, piecesOf } from "./links.ts";
import type { PictureUrls } from "./picture-urls.ts";
import { type MessageRow, type Row, timeOfDay } from "./rows.ts";

const widest = 400;
const tallest = 300;
const narrowest = 120;

/** What a row's element needs from the page. */
export interface RowPort {
  readonly pictures: PictureUrls;
  /** The person wants to see the picture large. */
  onOpenPicture(image: HTMLImageElement): void;
}

/** A new element for a row. */
export function elementOf(row: Row, port: RowPort): HTMLElement {
  if (row.kind === "divider") {
    return element("li", { class: "divider" }, [element("span", {}, [row.text])]);
  }
  const { author, at, text, picture } = row.message;
  const bubble = element("div", { class: "bubble" });
  if (picture !== undefined) {
    bubble.classList.add("has-picture");
    bubble.style.setProperty("--picture-width", `${shownWidthOf(picture)}px`);
    bubble.append(pictureOf(picture, author.name, port));
  }
  if (text !== "") bubble.append(element("p", { class: "text" }, piecesOf(text).map(nodeOf)));
  const item = element("li", { class: row.isMine ? "message is-mine" : "message" }, [
    ...(row.isMine ? [] : [avatar(author)]),
    element("div", { class: "body" }, [
      element("p", { class: "byline" }, [
        authorOf(row),
        element("time", { datetime: new Date(at).toISOString() }, [timeOfDay(at)]),
      ]),
      bubble,
      element("p", { class: "sending" }, ["Not sent yet"]),
    ]),
  ]);
  tint(item, author);
  return item;
}

/** Brings an existing element up to date: what may change is its place and its state. */
export function update(item: HTMLElement, row: MessageRow): void {
  item.classList.toggle("starts-group", row.place === "starts-group");
  item.classList.toggle("is-sending", row.state === "sending");
}

// The page that is opened learns nothing of this one, and cannot reach it.
function nodeOf({ text, href }: Piece): Node | string {
  if (href === undefined) return text;
  return element("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, [text]);
}

// One's own messages stand on the right: that says enough to the eye, but not to the ear.
function authorOf({ isMine, message }: MessageRow): HTMLElement {
  if (isMine) return element("strong", { class: "visually-hidden" }, ["You"]);
  return element("strong", { class: "author" }, [message.author.name]);
}

function pictureOf(picture: PictureInfo, author: string, port: RowPort): HTMLElement {
  const image = element("img", {
    alt: `Picture from ${author}`,
    width: String(picture.width),
    height: String(picture.height),
    decoding: "async",
  });
  const button = element("button", { type: "button", class: "picture" }, [image]);
  button.addEventListener("click", () => {
    if (image.src !== "") port.onOpenPicture(image);
  });
  void showPicture(image, picture, port);
  return button;
}

async function showPicture(
  image: HTMLImageElement,
  picture: PictureInfo,
  port: RowPort,
): Promise<void> {
  const url = await port.pictures.urlFor(picture);
  if (url !== undefined) image.src = url;
  else image.closest("button")?.replaceWith(missing());
}

// Fits the picture into the largest box a message may take; a sliver of a picture is cropped.
function shownWidthOf({ width, height }: PictureInfo): number {
  return Math.max(narrowest, Math.round(Math.min(width, widest, (tallest * width) / height)));
}

function missing(): HTMLElement {
  return element("p", { class: "missing" }, ["This picture is no longer kept."]);
}
