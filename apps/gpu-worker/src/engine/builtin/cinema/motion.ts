import { noiseAt } from '../atelier/drawing/noise.js';
import { clamp, sine } from '../atelier/drawing/turn.js';
import { groundOf } from '../atelier/scene/outdoors.js';
import { settingOf } from '../atelier/scene/setting.js';
import type { Stage } from '../atelier/scene/stage.js';
import type { View } from './camera.js';
import { feetOf } from './feet.js';
import type { Lookup } from './mesh.js';
import type { Plane } from './scenery.js';

export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/** Seconds since the film began, and what the camera sees then. */
export interface Moment {
  readonly seconds: number;
  readonly view: View;
}

/** Where each point of the frame is looked up in a plane at a moment. */
export type Motion = (moment: Moment) => Lookup;

/** How much of the camera's move a plane goes along with: 0 as if at no end, 1 as if near. */
export const DEPTH = { sky: 0.12, clouds: 0.16, far: 0.34, near: 1, front: 1.15 } as const;

/** How a scene's planes move: with the camera by their distance, and of themselves. */
export class Motions {
  readonly #unit: number;
  readonly #horizon: number;
  readonly #world;
  readonly #ground;
  readonly #wind: number;

  constructor(
    private readonly stage: Stage,
    private readonly frame: FrameSize,
  ) {
    const { world, places } = settingOf(stage.brief);
    this.#world = world;
    this.#ground = groundOf(stage, places);
    this.#unit = stage.unit;
    this.#horizon = stage.horizon * stage.unit;
    const { weather } = stage.brief;
    const way = stage.chance('wind').chance(0.5) ? 1 : -1;
    this.#wind = way * (weather.has('storm') ? 2.4 : weather.has('rain') ? 1.5 : 1);
  }

  /** The wind's direction and force; 1 or −1 on a fair day. */
  get wind(): number {
    return this.#wind;
  }

  of(plane: Plane): Motion {
    switch (plane.name) {
      case 'sky':
        return this.#moving(() => DEPTH.sky, this.#skyDrift());
      case 'clouds':
        return this.#moving(() => DEPTH.clouds, this.#clouds);
      case 'far':
        return this.#moving(() => DEPTH.far, undefined);
      case 'ground':
        return this.#moving(this.#groundDepth(), this.#groundSway());
      case 'cast':
        return this.#cast(plane);
      case 'front':
        return this.#moving(() => DEPTH.front, this.#ground === 'grass' ? this.#grass : undefined);
    }
  }

  /** Where a point of a plane of that depth (in units of the stage) is seen, in pixels of the frame. */
  seen(depth: number, { x: panX, y: panY, zoom }: View, x: number, y: number): Point {
    const { width, height } = this.frame;
    const canvas = this.stage.surface;
    const scale = 1 + (zoom - 1) * (0.5 + 0.5 * depth);
    const fromX = canvas.width / 2 + (panX * depth * (canvas.width - width)) / 2;
    const fromY = canvas.height / 2 + (panY * depth * (canvas.height - height)) / 2;
    return {
      x: width / 2 + (x * this.#unit - fromX) * scale,
      y: height / 2 + (y * this.#unit - fromY) * scale,
    };
  }

  #moving(depth: (x: number, y: number) => number, sway: Sway | undefined): Motion {
    const { width, height } = this.frame;
    const canvas = this.stage.surface;
    const [mx, my] = [(canvas.width - width) / 2, (canvas.height - height) / 2];
    return ({ seconds, view }) =>
      (x, y, place) => {
        const d = depth(x + mx, y + my);
        const scale = 1 / (1 + (view.zoom - 1) * (0.5 + 0.5 * d));
        place.x = canvas.width / 2 + view.x * d * mx + (x - width / 2) * scale;
        place.y = canvas.height / 2 + view.y * d * my + (y - height / 2) * scale;
        sway?.(place, seconds);
      };
  }

  // The land comes nearer from the horizon to the lower edge.
  #groundDepth(): (x: number, y: number) => number {
    if (this.#world !== 'outdoors') return () => 0.45;
    const top = this.#horizon;
    const span = Math.max(1, this.stage.surface.height - top);
    return (_x, y) => DEPTH.far + (DEPTH.near - DEPTH.far) * clamp((y - top) / span);
  }

  // Each thing goes with the ground that it stands on; what floats, bobs.
  #cast(plane: Plane): Motion {
    const depth = this.#groundDepth();
    const feet = feetOf(plane.mask, plane.layer.width);
    const floor = this.#horizon;
    const afloat = this.#ground === 'water' || this.#world !== 'outdoors';
    const still = this.#world === 'room';
    const footAt = (x: number): number => feet[clamp(Math.round(x), 0, feet.length - 1)] ?? 0;
    return this.#moving(
      (x) => (still ? 0.7 : this.#world === 'outdoors' ? depth(x, footAt(x)) : 0.9),
      (place, seconds) => {
        const foot = footAt(place.x);
        if (still || (!afloat && foot > floor)) return;
        const phase = (foot % 89) / 89;
        const reach = this.#unit * (foot > floor ? 0.0045 : 0.007);
        place.y += reach * sine(seconds * 0.23 + phase);
        place.x += reach * 0.6 * sine(seconds * 0.17 + phase + 0.2);
      },
    );
  }

  #skyDrift(): Sway | undefined {
    if (!this.stage.brief.weather.has('aurora')) return undefined;
    const unit = this.#unit;
    return (place, seconds) => {
      const high = clamp(1 - place.y / this.#horizon);
      const [u, v] = [place.x / unit, place.y / unit];
      place.x += unit * 0.16 * high * (noiseAt(u * 0.5 + seconds * 0.02, v * 0.2) - 0.5);
      place.y += unit * 0.1 * high * (noiseAt(u * 0.7 - seconds * 0.03, 0.4) - 0.5);
    };
  }

  readonly #clouds: Sway = (place, seconds) => {
    const unit = this.#unit;
    const high = clamp(1 - place.y / this.#horizon);
    place.x -= unit * 0.011 * this.#wind * seconds * (0.3 + 0.7 * high);
    const [u, v] = [place.x / unit, place.y / unit];
    place.y += unit * 0.03 * (noiseAt(u * 0.7, v + seconds * 0.012) - 0.5);
    place.x += unit * 0.03 * (noiseAt(u * 0.6 + 0.5, v - seconds * 0.01) - 0.5);
  };

  readonly #grass: Sway = (place, seconds) => {
    const unit = this.#unit;
    const rise = clamp((this.stage.surface.height - place.y) / (unit * 0.3));
    const gust = noiseAt((place.x / unit) * 0.5 - seconds * 0.11 * this.#wind, 0.37) - 0.45;
    place.x -= unit * 0.05 * rise * gust * this.#wind;
  };

  #groundSway(): Sway | undefined {
    if (this.#world === 'underwater') return this.#swell(0.016, 0.03);
    if (this.#world === 'abstract') return this.#swell(0.11, 0.022);
    if (this.#world === 'space') return this.#swell(0.012, 0.01);
    return this.#world === 'outdoors' && this.#ground === 'water' ? this.#waves() : undefined;
  }

  // Slow currents, or paint that flows.
  #swell(reach: number, pace: number): Sway {
    const unit = this.#unit;
    return (place, seconds) => {
      const [u, v] = [place.x / unit, place.y / unit];
      const t = seconds * pace;
      place.x += unit * reach * (noiseAt(u * 0.35 + t, v * 0.35) - noiseAt(u * 0.35, v * 0.35));
      place.y +=
        unit * reach * (noiseAt(u * 0.35, v * 0.35 + t + 0.5) - noiseAt(u * 0.35, v * 0.35 + 0.5));
    };
  }

  // Waves in perspective, as the water was painted: finer and slower towards the horizon.
  #waves(): Sway {
    const unit = this.#unit;
    const { weather } = this.stage.brief;
    const force = weather.has('storm') ? 2.2 : weather.has('rain') ? 1.3 : 1;
    const middle = this.stage.surface.width / 2;
    return (place, seconds) => {
      const below = (place.y - this.#horizon) / unit;
      if (below <= 0) return;
      const distance = 0.12 / (below + 0.045);
      const u = ((place.x - middle) / unit) * distance * 0.5;
      const t = seconds * 0.035 * force;
      const wave = noiseAt(u, distance * 1.3 + t) - 0.5;
      const chop = noiseAt(u * 2.7 + t * 0.7, distance * 3.1 + t * 1.9) - 0.5;
      const reach = unit * (0.002 + Math.min(0.4, below) * 0.075) * force;
      place.x += reach * (wave * 0.9 + chop * 0.5);
      place.y += Math.min(below * unit * 0.8, reach * 0.55) * (wave + chop * 0.6);
    };
  }
}

interface Point {
  x: number;
  y: number;
}

type Sway = (place: Point, seconds: number) => void;
