/** Where a face is: its middle and half its width and height. */
export interface Oval {
  readonly cx: number;
  readonly cy: number;
  readonly rx: number;
  readonly ry: number;
}

/** The same oval where one of its units is `x` across and `y` down. */
export const scaled = ({ cx, cy, rx, ry }: Oval, x: number, y: number): Oval => ({
  ...{ cx: cx * x, rx: rx * x, cy: cy * y, ry: ry * y },
});

/** How far out a place is: 0 in the middle, 1 on the rim. */
export const outness = ({ cx, cy, rx, ry }: Oval, x: number, y: number): number =>
  Math.hypot((x - cx) / rx, (y - cy) / ry);

/** An oval on its way from one place to another. */
export const between = (from: Oval, to: Oval, share: number): Oval => ({
  cx: from.cx + (to.cx - from.cx) * share,
  cy: from.cy + (to.cy - from.cy) * share,
  rx: from.rx + (to.rx - from.rx) * share,
  ry: from.ry + (to.ry - from.ry) * share,
});

/** The pixels that an oval may touch; even numbers, within the picture. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export function boxAround({ cx, cy, rx, ry }: Oval, width: number, height: number): Box {
  const even = (value: number) => Math.floor(value) & ~1;
  const left = Math.max(0, even(cx - rx));
  const top = Math.max(0, even(cy - ry));
  const right = Math.min(width, even(cx + rx) + 2);
  const bottom = Math.min(height, even(cy + ry) + 2);
  return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}
