import { ease } from '../atelier/drawing/turn.js';
import { type Commission, Painting } from '../atelier/painting.js';
import { opaque, type Picture } from '../picture.js';
import type { Work } from '../tasks.js';
import { leanOn } from './lean.js';

/**
 * Image to image: works a picture into the one that the words ask for. Strength 0 gives the picture
 * back, 1 the painting of the words alone; between them the picture's structure is painted anew.
 */
export class Rework implements Work {
  readonly steps: number;
  readonly #painting: { pass(): number; finish(): Uint8Array } | undefined;
  #done = 0;

  /** `picture` is as large as the commission. */
  constructor(
    commission: Commission,
    private readonly picture: Picture,
    private readonly strength: number,
  ) {
    this.steps = Math.max(1, Math.floor(commission.steps));
    if (strength <= 0) return;
    this.#painting =
      strength < 1 ? new LeaningPainting(commission, picture, strength) : new Painting(commission);
  }

  pass(): number {
    if (this.#done < this.steps) this.#done++;
    this.#painting?.pass();
    return this.#done;
  }

  finish(): Picture {
    if (!this.#painting) return this.picture;
    const { rgba, width, height } = this.picture;
    const made = opaque(this.#painting.finish(), width, height);
    if (this.strength >= 1) return made;
    const solid = ease(0.15, 1, this.strength);
    for (let i = 3; i < rgba.length; i += 4) {
      const alpha = rgba[i] ?? 255;
      made.rgba[i] = Math.round(alpha + (255 - alpha) * solid);
    }
    return made;
  }
}

/** A painting of the words that leans on a picture as large as itself. */
export class LeaningPainting {
  readonly #painting: Painting;
  #base = new Uint8Array(0);

  /** @param strength above 0 and below 1 */
  constructor(
    commission: Commission,
    picture: Picture,
    private readonly strength: number,
  ) {
    this.#painting = new Painting(commission, (stage) => {
      this.#base = laidOver(stage.surface.rgb, picture);
      leanOn(stage, this.#base, strength);
    });
  }

  pass(): number {
    return this.#painting.pass();
  }

  /** Three bytes per pixel. A weak hold lets the picture itself show through the paint. */
  finish(): Uint8Array {
    const rgb = this.#painting.finish();
    const base = this.#base;
    const share = ease(-0.1, 0.55, this.strength);
    for (let i = 0; i < rgb.length; i++) {
      const from = base[i] ?? 0;
      rgb[i] = Math.round(from + ((rgb[i] ?? 0) - from) * share);
    }
    return rgb;
  }
}

// Where a picture is transparent, what lies under it is seen.
function laidOver(under: Uint8Array, { rgba }: Picture): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array(under.length);
  for (let i = 0, o = 0; i < rgb.length; i += 3, o += 4) {
    const alpha = (rgba[o + 3] ?? 255) / 255;
    for (let c = 0; c < 3; c++) {
      const low = under[i + c] ?? 0;
      rgb[i + c] = Math.round(low + ((rgba[o + c] ?? 0) - low) * alpha);
    }
  }
  return rgb;
}
