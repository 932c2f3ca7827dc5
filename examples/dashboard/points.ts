// The geometry of a chart.

export const WIDTH = 300;
export const HEIGHT = 80;
/** How many samples are shown. */
export const KEPT = 60;

/** The points of a line, from the right: the newest value is at the edge. */
export function lineOf(values: readonly number[], highest: number): string {
  const step = WIDTH / (KEPT - 1);
  return values
    .map((value, at) => {
      const x = WIDTH - (values.length - 1 - at) * step;
      const y = HEIGHT - (value / highest) * (HEIGHT - 4);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}

/** The points of what is under a line. */
export function areaUnder(line: string): string {
  const [first = ""] = line.split(",");
  return line === "" ? "" : `${first},${HEIGHT} ${line} ${WIDTH},${HEIGHT}`;
}
