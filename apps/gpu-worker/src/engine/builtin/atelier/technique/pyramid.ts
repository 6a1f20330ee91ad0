interface Level {
  rgb: Uint8Array;
  width: number;
  height: number;
}

/** A picture at halving sizes, so that a brush sees what lies under its whole width. */
export class Pyramid {
  readonly #levels: Level[] = [];

  constructor(rgb: Uint8Array, width: number, height: number) {
    let level: Level = { rgb, width, height };
    this.#levels.push(level);
    while (Math.min(level.width, level.height) > 8) {
      level = halved(level);
      this.#levels.push(level);
    }
  }

  /** The level whose pixels are about `size` pixels wide. */
  levelFor(size: number): number {
    let index = 0;
    for (let s = 1.6; s < size && index < this.#levels.length - 1; s *= 2) index++;
    return index;
  }

  /** The colour at a full-size position, packed as 0xRRGGBB. */
  at(index: number, x: number, y: number): number {
    const level = this.#levels[index];
    if (!level) return 0;
    const lx = Math.min(level.width - 1, Math.max(0, x >> index));
    const ly = Math.min(level.height - 1, Math.max(0, y >> index));
    const at = (ly * level.width + lx) * 3;
    return (
      ((level.rgb[at] ?? 0) << 16) | ((level.rgb[at + 1] ?? 0) << 8) | (level.rgb[at + 2] ?? 0)
    );
  }
}

function halved({ rgb, width, height }: Level): Level {
  const w = width >> 1;
  const h = height >> 1;
  const out = new Uint8Array(w * h * 3);
  const row = width * 3;
  for (let y = 0; y < h; y++) halveRow(rgb, y * 2 * row, row, out, y * w * 3, w);
  return { rgb: out, width: w, height: h };
}

function halveRow(
  rgb: Uint8Array,
  from: number,
  row: number,
  out: Uint8Array,
  to: number,
  count: number,
): void {
  for (let x = 0, i = from, o = to; x < count; x++, i += 6, o += 3) {
    out[o] = meanOf(rgb, i, row);
    out[o + 1] = meanOf(rgb, i + 1, row);
    out[o + 2] = meanOf(rgb, i + 2, row);
  }
}

const meanOf = (rgb: Uint8Array, i: number, row: number): number =>
  ((rgb[i] ?? 0) + (rgb[i + 3] ?? 0) + (rgb[i + row] ?? 0) + (rgb[i + row + 3] ?? 0) + 2) >> 2;

/** How far two packed colours are apart, 0..765, with green counted as the eye does. */
export function distance(a: number, b: number): number {
  const r = Math.abs(((a >> 16) & 255) - ((b >> 16) & 255));
  const g = Math.abs(((a >> 8) & 255) - ((b >> 8) & 255));
  const l = Math.abs((a & 255) - (b & 255));
  return r + g + l;
}

export const luminance = (rgb: number): number =>
  (((rgb >> 16) & 255) * 54 + ((rgb >> 8) & 255) * 183 + (rgb & 255) * 19) >> 8;
