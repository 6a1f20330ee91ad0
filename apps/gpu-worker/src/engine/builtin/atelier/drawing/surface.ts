/**
 * A picture under work: colours, how much detail each place deserves (0..255), and which
 * way paint flows there (a half turn in 256 parts).
 */
export class Surface {
  readonly rgb: Uint8Array;
  readonly detail: Uint8Array;
  readonly flow: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.rgb = new Uint8Array(width * height * 3);
    this.detail = new Uint8Array(width * height);
    this.flow = new Uint8Array(width * height);
  }
}

/**
 * Lets care begin a little outside the things that need it (`reach` in pixels), so that
 * their outlines come out clean.
 */
export function spreadDetail({ detail, width, height }: Surface, reach: number): void {
  const along = new Uint8Array(detail.length);
  for (let y = 0; y < height; y++) spreadLine(detail, along, y * width, 1, width, reach);
  for (let x = 0; x < width; x++) spreadLine(along, detail, x, width, height, reach);
}

// The greatest value within reach, approximated by two looks at each side.
function spreadLine(
  from: Uint8Array,
  to: Uint8Array,
  start: number,
  step: number,
  length: number,
  reach: number,
): void {
  const near = Math.ceil(reach / 2);
  for (let i = 0, at = start; i < length; i++, at += step) {
    let most = from[at] ?? 0;
    for (const d of [near, reach]) {
      if (i >= d) most = Math.max(most, from[at - d * step] ?? 0);
      if (i + d < length) most = Math.max(most, from[at + d * step] ?? 0);
    }
    to[at] = most;
  }
}
