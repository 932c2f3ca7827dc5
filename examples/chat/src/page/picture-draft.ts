// Reads a file that a person picked, pasted or dropped, and makes a picture draft of it or says
// what is wrong with it. The server checks again; this is to be quick and helpful.

import type { PictureDraft } from "../shared/events.ts";
import { maxPictureBytes, maxPictureSide } from "../shared/limits.ts";
import { pictureTypeOf } from "../shared/picture-type.ts";

/** A picture ready to be sent, or a sentence that says why it cannot be. */
export type ReadPicture =
  | { readonly ok: true; readonly picture: PictureDraft }
  | { readonly ok: false; readonly reason: string };

/** Reads and checks one file. */
export async function readPicture(file: Blob): Promise<ReadPicture> {
  if (file.size > maxPictureBytes) {
    return no(
      `This picture has ${megabytes(file.size)}. The most is ${megabytes(maxPictureBytes)}.`,
    );
  }
  const bytes = await bytesOf(file);
  if (bytes === undefined) return no("This file could not be read.");
  const type = pictureTypeOf(bytes);
  if (type === undefined) return no("Only PNG, JPEG, GIF and WebP pictures can be sent.");
  try {
    const image = await createImageBitmap(new Blob([bytes], { type }));
    const { width, height } = image;
    image.close();
    if (Math.max(width, height) > maxPictureSide) return no("This picture has too many pixels.");
    return { ok: true, picture: { bytes, width, height } };
  } catch {
    return no("This picture seems to be damaged.");
  }
}

async function bytesOf(file: Blob): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    return undefined;
  }
}

function no(reason: string): ReadPicture {
  return { ok: false, reason };
}

function megabytes(size: number): string {
  return `${Number((size / 1024 ** 2).toFixed(1))} MB`;
}
