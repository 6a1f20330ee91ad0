import type { Picture } from '../picture.js';
import type { Work } from '../tasks.js';
import { layOver } from './lay-over.js';
import { boxAround } from './oval.js';
import { faceIn, faceNotFound, portraitOf } from './portrait.js';
import { pixelsIn } from './tints.js';

/** A picture whose largest face-like region is laid over with another's: one pass. */
export class SwappedPicture implements Work {
  readonly steps = 1;
  #made: Picture | undefined;

  constructor(
    private readonly picture: Picture,
    private readonly face: Picture,
  ) {}

  /** @throws TaskRefused `engine.face_not_found` */
  pass(): number {
    this.#made ??= swapped(this.picture, this.face);
    return 1;
  }

  finish(): Picture {
    this.#made ??= swapped(this.picture, this.face);
    return this.#made;
  }
}

function swapped(picture: Picture, face: Picture): Picture {
  const { rgba, width, height } = picture;
  const oval = faceIn(width, height, pixelsIn(picture));
  if (!oval) throw faceNotFound('image');
  const portrait = portraitOf(face);
  const box = boxAround(oval, width, height);
  const rgb = new Uint8ClampedArray(box.width * box.height * 3);
  const places = Array.from({ length: box.width * box.height }, (_, at) => {
    const column = at % box.width;
    return ((box.top + (at - column) / box.width) * width + box.left + column) * 4;
  });
  places.forEach((from, at) => {
    for (let c = 0; c < 3; c++) rgb[at * 3 + c] = rgba[from + c] ?? 0;
  });
  layOver({ rgb, box }, oval, portrait);
  const made = rgba.slice();
  places.forEach((to, at) => {
    for (let c = 0; c < 3; c++) made[to + c] = rgb[at * 3 + c] ?? 0;
  });
  return { rgba: made, width, height };
}
