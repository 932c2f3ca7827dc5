// Measures how well text can be read: the contrast between the colour of an element's text and
// what lies behind it, as WCAG 2 defines it.
import type { Page } from "playwright-core";

/** The contrast ratio of the first element that matches, from 1 to 21. */
export async function contrastOf(page: Page, selector: string): Promise<number> {
  return await page.evaluate<number>(`(${measure})(${JSON.stringify(selector)})`);
}

// Runs in the browser, which is why it is text here: this project knows no DOM. A canvas turns
// whatever notation a colour has into bytes, and paints translucent ones over each other.
const measure = `(selector) => {
  const element = document.querySelector(selector);
  if (element === null) throw new Error("there is no " + selector);
  const brush = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const paint = (colours) => {
    for (const colour of colours) {
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
    }
    const light = [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3).map((byte) => {
      const part = byte / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2];
  };
  const behind = [];
  for (let at = element; at !== null; at = at.parentElement) {
    behind.unshift(getComputedStyle(at).backgroundColor);
  }
  const back = paint(behind);
  const front = paint([...behind, getComputedStyle(element).color]);
  const [high, low] = back > front ? [back, front] : [front, back];
  return (high + 0.05) / (low + 0.05);
}`;
