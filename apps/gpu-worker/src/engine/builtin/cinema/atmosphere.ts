import type { Brush } from '../atelier/drawing/brush.js';
import { type Colour, lch, mix } from '../atelier/drawing/colour.js';
import { ellipse, ribbon, spline } from '../atelier/drawing/outline.js';
import type { Random } from '../atelier/drawing/random.js';
import { sine } from '../atelier/drawing/turn.js';
import type { LayerName } from '../atelier/scene/film-notes.js';
import { groundOf, hasFarBirds } from '../atelier/scene/outdoors.js';
import { settingOf } from '../atelier/scene/setting.js';
import type { Stage } from '../atelier/scene/stage.js';
import { DEPTH, type Moment, type Motions } from './motion.js';

/** Draws what moves of itself in front of a plane; the brush works on the frame. */
export interface Happening {
  /** The plane that it comes right in front of; at the very front where absent. */
  readonly after?: LayerName;
  readonly draw: (brush: Brush, moment: Moment) => void;
}

/** The frame in units of its short side. */
export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** All that happens in a scene by itself. */
export function happenings(stage: Stage, motions: Motions, extent: Extent): Happening[] {
  const { world, places } = settingOf(stage.brief);
  const ground = groundOf(stage, places);
  const outdoors = world === 'outdoors';
  const bright =
    stage.light.time === 'golden' ||
    stage.light.time === 'dusk' ||
    stage.light.time === 'dawn' ||
    stage.light.time === 'night';
  const found: (Happening | undefined | false)[] = [
    (stage.film?.stars.length ?? 0) > 0 && twinkling(stage, motions, outdoors ? 'sky' : 'ground'),
    outdoors && hasFarBirds(stage, ground) && birds(stage, motions, extent),
    outdoors && ground === 'water' && bright && glints(stage, motions),
    world === 'underwater' && bubbles(stage.chance('bubbles'), extent),
    world === 'room' && motes(stage.chance('motes'), extent, stage.light.beam),
  ];
  return found.filter((one): one is Happening => typeof one === 'object');
}

function twinkling(stage: Stage, motions: Motions, after: LayerName): Happening {
  const random = stage.chance('twinkling');
  const colour = lch(0.97, 0.03, 250);
  const stars = (stage.film?.stars ?? []).map((star) => ({
    ...star,
    phase: random.next(),
    pace: random.range(0.25, 0.7),
  }));
  const depth = after === 'sky' ? DEPTH.sky : 0.45;
  return {
    after,
    draw: (brush, { seconds, view }) => {
      for (const { x, y, radius, phase, pace } of stars) {
        const shine = sine(seconds * pace + phase);
        if (shine < 0.1) continue;
        const at = motions.seen(depth, view, x, y);
        glow(brush, at.x / brush.unit, at.y / brush.unit, radius * 4.5, colour, shine * 0.75);
      }
    },
  };
}

function glow(brush: Brush, x: number, y: number, r: number, from: Colour, alpha: number): void {
  const box = [x - r, y - r, x + r, y - r, x + r, y + r, x - r, y + r];
  brush.fill([box], { from, round: [x, y, r], fade: true, alpha, mode: 'add' });
}

function birds(stage: Stage, motions: Motions, { width, height }: Extent): Happening {
  const random = stage.chance('flock');
  const named = stage.brief.motifs.find(({ name }) => name === 'bird');
  const count = 3 + random.int(3) + (named && named.count > 2 ? 6 : 0);
  const way = motions.wind > 0 ? -1 : 1;
  const flock = Array.from({ length: count }, () => ({
    x: width * random.range(0.25, 0.55) + random.range(-0.2, 0.2) * way,
    y: height * random.range(0.1, 0.32),
    size: random.range(0.011, 0.02),
    phase: random.next(),
    pace: random.range(1.1, 1.7),
    speed: random.range(0.028, 0.04) * way,
  }));
  const from = stage.silhouette(0.15);
  return {
    after: 'clouds',
    draw: (brush, { seconds }) => {
      for (const { x, y, size, phase, pace, speed } of flock) {
        // Birds beat their wings for a while and glide for a while.
        const gliding = sine(seconds * 0.21 + phase * 3) > 0.45;
        const beat = gliding ? 0.25 : sine(seconds * pace + phase);
        const bx = x + speed * seconds;
        const by = y + 0.012 * sine(seconds * 0.13 + phase);
        for (const side of [-1, 1]) {
          const [mx, my] = [bx + side * size * 0.5, by - size * (0.14 + 0.2 * beat)];
          const [tx, ty] = [bx + side * size, by - size * (0.42 * beat - 0.05)];
          const wing = ribbon(spline([bx, by, mx, my, tx, ty], false), size * 0.13, size * 0.03);
          brush.fill([wing], { from, alpha: 0.92 });
        }
      }
    },
  };
}

// The light of a low sun or a moon on the water, here and gone.
function glints(stage: Stage, motions: Motions): Happening {
  const random = stage.chance('glints');
  const span = stage.height - stage.horizon;
  const all = Array.from({ length: 130 }, () => {
    const t = random.next() * random.next();
    return {
      x: stage.sun.x + (random.next() - random.next()) * (0.03 + t * 0.24),
      y: stage.horizon + 0.006 + span * t,
      half: (0.006 + t * 0.03) * random.range(0.4, 1.1),
      thick: 0.0011 + t * 0.0042,
      near: t,
      phase: random.next(),
      pace: random.range(0.3, 0.8),
    };
  });
  return {
    after: 'ground',
    draw: (brush, { seconds, view }) => {
      for (const { x, y, half, thick, near, phase, pace } of all) {
        const shine = sine(seconds * pace + phase);
        if (shine < 0.15) continue;
        const depth = DEPTH.far + (DEPTH.near - DEPTH.far) * near;
        const at = motions.seen(depth, view, x, y);
        const [px, py] = [at.x / brush.unit, at.y / brush.unit];
        const lens = spline([px - half, py, px, py - thick, px + half, py, px, py + thick], true);
        brush.fill([lens], { from: stage.light.beam, alpha: shine * 0.7 * (1 - near * 0.5) });
      }
    },
  };
}

function bubbles(random: Random, { width, height }: Extent): Happening {
  const all = Array.from({ length: 34 }, () => ({
    x: random.range(0, width),
    y: random.range(0, height),
    r: random.range(0.002, 0.0075),
    phase: random.next(),
  }));
  const from = lch(0.92, 0.03, 210);
  return {
    draw: (brush, { seconds }) => {
      for (const { x, y, r, phase } of all) {
        const up = wrapped(y - seconds * (0.04 + r * 9), height + 0.04) - 0.02;
        const bx = x + 0.008 * sine(seconds * 0.5 + phase);
        brush.fill([ellipse(bx, up, r)], { from, alpha: 0.28 });
        brush.fill([ellipse(bx - r * 0.3, up - r * 0.3, r * 0.35)], { from, alpha: 0.7 });
      }
    },
  };
}

// Dust in the light of a window.
function motes(random: Random, { width, height }: Extent, beam: Colour): Happening {
  const all = Array.from({ length: 40 }, () => ({
    x: random.range(0, width),
    y: random.range(0, height),
    r: random.range(0.0012, 0.003),
    phase: random.next(),
  }));
  return {
    draw: (brush, { seconds }) => {
      for (const { x, y, r, phase } of all) {
        const mx = wrapped(x + seconds * 0.008 + 0.02 * sine(seconds * 0.07 + phase), width);
        const my = wrapped(y - seconds * 0.006 + 0.02 * sine(seconds * 0.09 + phase * 2), height);
        const alpha = 0.25 + 0.2 * sine(seconds * 0.2 + phase);
        glow(brush, mx, my, r * 3, mix(beam, lch(0.95, 0.02, 90), 0.4), alpha);
      }
    },
  };
}

/** Comes back in at the other side. */
export const wrapped = (value: number, size: number): number =>
  value - Math.floor(value / size) * size;
