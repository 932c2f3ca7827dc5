// Pictures for the tests: a small one made here, and a view of a river painted by a browser.
import { deflateSync } from "node:zlib";
import type { Browser } from "playwright-core";

/** A PNG of one colour. */
export function plainPicture(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.alloc(1), Buffer.alloc(width * 3, 0x7f)]);
  const rows = Buffer.concat(Array.from({ length: height }, () => row));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A river at sunset, as JPEG of 900 by 520. */
export async function riverPicture(browser: Browser): Promise<Uint8Array> {
  const page = await browser.newPage();
  try {
    const base64: string = await page.evaluate(painting);
    return Buffer.from(base64, "base64");
  } finally {
    await page.close();
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

// Runs in the browser, which is why it is text here: this project knows no DOM.
const painting = `(() => {
  const canvas = document.createElement("canvas");
  canvas.width = 900;
  canvas.height = 520;
  const brush = canvas.getContext("2d");
  const fill = (colour, points) => {
    brush.fillStyle = colour;
    brush.beginPath();
    for (const [x, y] of points) brush.lineTo(x, y);
    brush.fill();
  };
  const sky = brush.createLinearGradient(0, 0, 0, 600);
  for (const [at, colour] of [[0, "#f3b58b"], [0.45, "#d9745a"], [0.46, "#2f5f6e"], [1, "#0d2a35"]]) {
    sky.addColorStop(at, colour);
  }
  brush.fillStyle = sky;
  brush.fillRect(0, 0, 900, 520);
  brush.fillStyle = "#fff1dc";
  brush.beginPath();
  brush.arc(640, 180, 58, 0, 7);
  brush.fill();
  fill("#21343c", [[0, 276], [170, 120], [330, 250], [460, 160], [620, 276]]);
  fill("#38505a", [[360, 276], [560, 190], [700, 240], [900, 150], [900, 276]]);
  brush.fillStyle = "rgb(255 222 190 / 55%)";
  for (let line = 0; line < 19; line += 1) {
    const width = 30 + ((line * 53) % 90);
    const middle = 640 + Math.sin(line * 1.7) * (14 + line * 3);
    brush.fillRect(middle - width / 2, 300 + line * 11, width, 3);
  }
  return canvas.toDataURL("image/jpeg", 0.86).split(",")[1];
})()`;
