// What a reader without a mouse meets: presses Tab, and says on what the focus is and whether that can be seen.

import type { Page } from "playwright-core";

/** An element that has had the focus. */
export interface Stop {
  /** Such as `a "Install"`. */
  readonly name: string;
  /** The part of the page: `search`, `navigation`, `content`, or another. */
  readonly part: string;
  /** Whether an outline of a pixel or more is around it, and it is in the window. */
  readonly isSeen: boolean;
}

// Runs in the browser, which is why it is text here: this project knows no DOM of pages.
const STOP = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return undefined;
  const parts = [
    [".VPNavBarSearch, .VPLocalSearchBox", "search"],
    [".VPSidebar, .VPNavBarMenu, .VPNavScreen", "navigation"],
    [".VPDoc main", "content"],
  ];
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const isInWindow = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const words = element.getAttribute("aria-label") ?? element.textContent?.trim().slice(0, 30) ?? "";
  return {
    name: element.tagName.toLowerCase() + ' "' + words + '"',
    part: parts.find(([selector]) => element.closest(selector) !== null)?.[1] ?? "elsewhere",
    isSeen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 && box.width > 0 && isInWindow,
  };
})()`;

/**
 * Presses Tab until the focus is in a part of the page.
 * @returns the stops on the way, the last of them in that part
 */
export async function walkTo(page: Page, part: string, most: number): Promise<Stop[]> {
  const stops: Stop[] = [];
  while (stops.at(-1)?.part !== part) {
    if (stops.length === most) throw new Error(`no ${part} within ${most} presses of Tab`);
    await page.keyboard.press("Tab");
    const stop = await page.evaluate<Stop | undefined>(STOP);
    stops.push(stop ?? { name: "the page", part: "elsewhere", isSeen: true });
  }
  return stops;
}
