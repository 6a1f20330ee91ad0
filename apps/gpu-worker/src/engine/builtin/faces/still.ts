import type { FilmFrame } from '@safelight/film-intake';
import type { Region } from './lay-over.js';
import { type Box, outness, type Oval } from './oval.js';

/** One frame of a film in I420 (BT.709, 16..235), cut to its size, whose places can be read and painted. */
export class Still {
  readonly yuv: Uint8ClampedArray;

  /** Both even. */
  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {
    this.yuv = new Uint8ClampedArray((width * height * 3) / 2);
  }

  /** Copies a decoded frame, which has whole blocks, without what is beyond the size. */
  take({ yuv, width: across, height: down }: FilmFrame): void {
    const { width, height } = this;
    for (let y = 0; y < height; y++) {
      this.yuv.set(yuv.subarray(y * across, y * across + width), y * width);
    }
    let from = across * down;
    let to = width * height;
    for (let plane = 0; plane < 2; plane++) {
      for (let y = 0; y < height / 2; y++, from += across / 2, to += width / 2) {
        this.yuv.set(yuv.subarray(from, from + width / 2), to);
      }
      from += ((down - height) / 2) * (across / 2);
    }
  }

  readonly read = (x: number, y: number, into: Float64Array): void => {
    const { width, height, yuv } = this;
    const c = width * height + (y >> 1) * (width >> 1) + (x >> 1);
    const light = 1.1644 * ((yuv[y * width + x] ?? 0) - 16);
    const u = (yuv[c] ?? 0) - 128;
    const v = (yuv[c + (width * height) / 4] ?? 0) - 128;
    into[0] = light + 1.7927 * v;
    into[1] = light - 0.2132 * u - 0.5329 * v;
    into[2] = light + 2.1124 * u;
  };

  cut(box: Box): Uint8ClampedArray {
    const rgb = new Uint8ClampedArray(box.width * box.height * 3);
    const pixel = new Float64Array(3);
    for (let at = 0; at < box.width * box.height; at++) {
      const column = at % box.width;
      this.read(box.left + column, box.top + (at - column) / box.width, pixel);
      rgb.set(pixel, at * 3);
    }
    return rgb;
  }

  /** Writes a region back where the oval touches it; colours are shared by two by two pixels. */
  putInto({ rgb, box }: Region, oval: Oval): void {
    for (let y = 0; y < box.height; y += 2) {
      for (let x = 0; x < box.width; x += 2) {
        const corners = [0, 1].flatMap((j) => [0, 1].map((i) => [x + i, y + j] as const));
        const touched = corners.some(
          ([i, j]) => outness(oval, box.left + i + 0.5, box.top + j + 0.5) <= 1,
        );
        if (touched) this.#putBlock({ rgb, box }, corners);
      }
    }
  }

  #putBlock({ rgb, box }: Region, corners: readonly (readonly [number, number])[]): void {
    const { width, height, yuv } = this;
    let [red, green, blue] = [0, 0, 0];
    for (const [x, y] of corners) {
      const at = (y * box.width + x) * 3;
      const [r, g, b] = [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0];
      yuv[(box.top + y) * width + box.left + x] = 16 + 0.1826 * r + 0.6142 * g + 0.062 * b;
      red += r / 4;
      green += g / 4;
      blue += b / 4;
    }
    const [[x, y]] = corners as [readonly [number, number]];
    const c = width * height + ((box.top + y) >> 1) * (width >> 1) + ((box.left + x) >> 1);
    yuv[c] = 128 - 0.1006 * red - 0.3386 * green + 0.4392 * blue;
    yuv[c + (width * height) / 4] = 128 + 0.4392 * red - 0.3989 * green - 0.0403 * blue;
  }
}
