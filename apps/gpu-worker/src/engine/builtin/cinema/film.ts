import { Brush } from '../atelier/drawing/brush.js';
import { Surface } from '../atelier/drawing/surface.js';
import type { Commission } from '../atelier/painting.js';
import type { Picture } from '../picture.js';
import { filmedPicture } from './filmed-picture.js';
import { filmedScene } from './filmed-scene.js';
import type { Filmed, Frame } from './filmed.js';
import { LumaFrame } from './luma.js';
import { Mesh } from './mesh.js';
import type { Reel } from './reel.js';
import { Scenery } from './scenery.js';

export interface FilmPlan {
  readonly seconds: number;
  readonly fps: number;
}

/** A film in the making: first what is filmed is painted, then frame after frame goes onto the reel. */
export class Film {
  readonly steps: number;
  readonly #scenery: Scenery | undefined;
  readonly #frames: number;
  readonly #surface: Surface;
  readonly #frame: Frame;
  readonly #luma: LumaFrame;
  #filmed: Filmed | undefined;
  #done = 0;

  /**
   * @param commission in the size of the frame, which is even
   * @param picture as large as the frame; the film begins with it
   */
  constructor(
    private readonly commission: Commission,
    private readonly plan: FilmPlan,
    private readonly reel: Reel,
    picture?: Picture,
  ) {
    const { width, height } = commission;
    this.#frames = framesOf(plan);
    this.#surface = new Surface(width, height);
    const brush = new Brush(this.#surface, Math.min(width, height));
    this.#frame = { mesh: new Mesh(this.#surface), brush };
    this.#luma = new LumaFrame(this.#surface);
    if (picture) this.#filmed = filmedPicture(picture, commission);
    else this.#scenery = new Scenery(commission);
    this.steps = (this.#scenery?.steps ?? 0) + this.#frames;
  }

  /** Does the next pass or frame and returns how many are done. */
  pass(): number {
    const painting = this.#scenery?.steps ?? 0;
    if (this.#done < painting) this.#scenery?.pass();
    else if (this.#done < this.steps) this.#shoot(this.#done - painting);
    return ++this.#done;
  }

  #shoot(frame: number): void {
    const { width, height } = this.commission;
    const scene = this.#filmed ? undefined : this.#scenery?.finish();
    if (scene) this.#filmed = filmedScene(scene, { width, height });
    if (!this.#filmed) return;
    const time = this.#frames === 1 ? 0 : frame / (this.#frames - 1);
    const moment = this.#filmed.moment(frame / this.plan.fps, time);
    this.#filmed.draw(this.#frame, moment);
    this.reel.add(this.#luma.take(this.#filmed.lighting(moment)));
  }
}

/** How many frames a film has. */
export const framesOf = ({ seconds, fps }: FilmPlan): number =>
  Math.max(1, Math.round(seconds * fps));
