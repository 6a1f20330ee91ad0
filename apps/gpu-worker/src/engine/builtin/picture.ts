/** A decoded picture: four bytes per pixel (sRGB and alpha, not premultiplied), row by row. */
export interface Picture {
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Whether every pixel covers what is behind it. */
export function isOpaque({ rgba }: Picture): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return false;
  return true;
}

/** An opaque picture of three bytes per pixel. */
export function opaque(rgb: Uint8Array, width: number, height: number): Picture {
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0, o = 0; o < rgba.length; i += 3, o += 4) {
    rgba[o] = rgb[i] ?? 0;
    rgba[o + 1] = rgb[i + 1] ?? 0;
    rgba[o + 2] = rgb[i + 2] ?? 0;
    rgba[o + 3] = 255;
  }
  return { rgba, width, height };
}
