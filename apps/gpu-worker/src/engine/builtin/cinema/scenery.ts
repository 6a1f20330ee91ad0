import { hashText } from '../atelier/drawing/random.js';
import type { Commission } from '../atelier/painting.js';
import { readBrief } from '../atelier/reading/brief.js';
import { furnish } from '../atelier/scene/compose.js';
import { FilmNotes, type LayerName } from '../atelier/scene/film-notes.js';
import { Stage } from '../atelier/scene/stage.js';
import type { Technique } from '../atelier/technique/technique.js';
import { techniques } from '../atelier/technique/techniques.js';
import { cutOut, differing, feathered, type Layer, lifted, solid } from './layer.js';

/** How far the painted planes reach beyond the frame at each side, as a share of it. */
const MARGIN = 0.09;
/** The softness of a plane's edge: a share of the short side. */
const FEATHER = 1 / 280;

/** Things differ from what is behind them by so many byte steps; what differs less is a shine. */
const SHINE = 22;

export interface Plane {
  readonly name: LayerName;
  readonly layer: Layer;
  /** 0 where nothing of the plane was painted; with hard edges. */
  readonly mask: Uint8Array;
}

/** A scene in planes, far to near, each painted to its full extent behind the nearer ones. */
export interface Scene {
  readonly stage: Stage;
  readonly planes: readonly Plane[];
}

interface Sketch {
  readonly name: LayerName;
  readonly rgb: Uint8Array;
  readonly detail: Uint8Array;
  readonly flow: Uint8Array;
  readonly mask: Uint8Array;
}

/** The planes of a film in the making: the scene as far as each plane is painted in all its passes. */
export class Scenery {
  readonly steps: number;
  readonly #stage: Stage;
  readonly #notes: FilmNotes;
  readonly #sketches: Sketch[] = [];
  readonly #painted: Uint8Array[] = [];
  readonly #passes: number;
  readonly #hand: number;
  #technique: Technique | undefined;
  #done = 0;

  /** @param commission in the size of the frame */
  constructor(commission: Commission) {
    const { prompt, negativePrompt, guidance, seed, width, height } = commission;
    const brief = readBrief(prompt, negativePrompt, guidance);
    this.#stage = new Stage(brief, seed, widened(width), widened(height));
    this.#notes = new FilmNotes(this.#stage.surface.detail.length, (name) => this.#sketch(name));
    this.#stage.film = this.#notes;
    furnish(this.#stage);
    this.#hand = hashText('hand', seed);
    this.#passes = Math.max(1, Math.floor(commission.steps));
    this.steps = this.#passes * this.#sketches.length;
  }

  /** Does the next pass and returns how many are done. */
  pass(): number {
    if (this.#done === this.steps) return this.#done;
    const pass = this.#done % this.#passes;
    if (pass === 0 || !this.#technique) {
      this.#technique = this.#begin(this.#sketches[this.#painted.length]);
    }
    this.#technique.pass(pass);
    this.#done++;
    if (pass + 1 === this.#passes) this.#painted.push(this.#technique.finish().slice());
    return this.#done;
  }

  finish(): Scene {
    const { width, height } = this.#stage.surface;
    const reach = Math.max(1, Math.round(this.#stage.unit * FEATHER));
    const planes = this.#sketches.map(({ name, mask }, at): Plane => {
      const rgb = this.#paintedAt(at);
      if (at === 0) return { name, mask, layer: solid(rgb, width, height) };
      if (name === 'clouds') return { name, mask, layer: this.#clouds(at, reach) };
      const soft = feathered(mask, width, reach);
      if (name !== 'cast') return { name, mask, layer: cutOut(rgb, soft, width) };
      return { name, mask, layer: lifted(this.#paintedAt(at - 1), rgb, soft, width) };
    });
    return { stage: this.#stage, planes };
  }

  #clouds(at: number, reach: number): Layer {
    const { width } = this.#stage.surface;
    const cover = feathered(this.#notes.cloudCover, width, reach);
    return lifted(this.#paintedAt(at - 1), this.#paintedAt(at), cover, width);
  }

  #paintedAt(at: number): Uint8Array {
    const painted = this.#painted[at];
    if (!painted) throw new RangeError('the planes are not painted yet');
    return painted;
  }

  // Keeps the scene as it is now, unless nothing came to the plane before.
  #sketch(name: LayerName): void {
    const { rgb, detail, flow, width } = this.#stage.surface;
    if (name === 'sky') extendDownwards(rgb, width);
    const before = this.#sketches.at(-1);
    const full = name === 'cast' ? SHINE : 1;
    const mask = before
      ? differing(before.rgb, rgb, full)
      : new Uint8Array(detail.length).fill(255);
    if (before && mask.every((weight) => weight === 0)) return;
    const kept = { rgb: rgb.slice(), detail: detail.slice(), flow: flow.slice() };
    this.#sketches.push({ name, mask, ...kept });
  }

  #begin(sketch: Sketch | undefined): Technique {
    const { surface, brief } = this.#stage;
    if (sketch) {
      surface.rgb.set(sketch.rgb);
      surface.detail.set(sketch.detail);
      surface.flow.set(sketch.flow);
    }
    return techniques[brief.style](this.#stage, this.#passes, this.#hand);
  }
}

// The sky is painted down to the horizon; seen past the land's edge it must not end there.
function extendDownwards(rgb: Uint8Array, width: number): void {
  const row = width * 3;
  let last = rgb.length / row - 1;
  while (last > 0 && isBlack(rgb, last * row, row)) last--;
  for (let at = (last + 1) * row; at < rgb.length; at += row) rgb.copyWithin(at, at - row, at);
}

function isBlack(rgb: Uint8Array, from: number, count: number): boolean {
  for (let i = from; i < from + count; i++) if (rgb[i] !== 0) return false;
  return true;
}

const widened = (side: number): number => side + 2 * Math.round(side * MARGIN);
