import type { Paint } from '../drawing/brush.js';
import { chromaOf, type Colour, lch, lighter, mix, turnHue } from '../drawing/colour.js';
import { boundsOf, outlinesOf, placed, type Placement } from '../drawing/outline.js';
import type { Stage } from '../scene/stage.js';

/**
 * A part's tone: `b` body, `s` its shade, `l` its light, `k` second colour, `a` accent,
 * `d` dark, `w` white, `g` light of its own, `h` halo, `f` beam fading from its first point.
 */
export type Tone = 'b' | 's' | 'l' | 'k' | 'a' | 'd' | 'w' | 'g' | 'h' | 'f';

export type Part = readonly [Tone, string];

/** Where a thing belongs in a scene. */
export type Habitat = 'ground' | 'water' | 'air' | 'deep' | 'table' | 'far';

/** A drawn thing in a box of 100 by 100: it stands on y = 100, x = 50 is its middle. */
export interface Figure {
  habitat: Habitat;
  /** Height of the box in units when it is the hero of a picture. */
  size: number;
  body: Colour;
  second?: Colour;
  accent?: Colour;
  parts: readonly Part[];
}

export interface Showing extends Placement {
  /** 0 near .. 1 far. */
  depth?: number;
  colour?: Colour;
  /** A mirror image in water: no light of its own, faint. */
  reflected?: boolean;
  /** How much of its own colour shows against the light; less by dusk. */
  shaded?: number;
}

/** Draws a figure; `x, y` is where its foot stands and `scale` the height of its box. */
export function drawFigure(stage: Stage, figure: Figure, show: Showing): void {
  const colours = coloursOf(figure, show.colour);
  for (const [tone, drawing] of figure.parts) {
    if (show.reflected && (tone === 'h' || tone === 'f')) continue;
    const outlines = outlinesOf(drawing).map((outline) =>
      placed(
        outline.map((v, i) => (i % 2 === 0 ? v - 50 : v - 100)),
        { ...show, scale: show.scale / 100 },
      ),
    );
    const box = boundsOf(outlines);
    if (tone === 'h') drawHalo(stage, box);
    else if (tone === 'f') drawBeam(stage, outlines);
    else stage.fill(outlines, partPaint(stage, tone, colours, box, show));
  }
}

function coloursOf(figure: Figure, wanted: Colour | undefined): Record<'b' | 'k' | 'a', Colour> {
  if (!wanted) {
    const second = figure.second ?? lighter(figure.body, -0.15);
    return { b: figure.body, k: second, a: figure.accent ?? second };
  }
  const body = mix(wanted, { ...wanted, l: figure.body.l }, 0.25);
  return {
    b: body,
    k: figure.second ?? turnHue(lighter(body, -0.16), 12),
    a: figure.accent ?? body,
  };
}

type Box = readonly [number, number, number, number];

function partPaint(
  stage: Stage,
  tone: Tone,
  colours: Record<'b' | 'k' | 'a', Colour>,
  [left, top, right, bottom]: Box,
  show: Showing,
): Paint {
  const own =
    stage.brief.style === 'neon' ? glowing(ownColour(tone, colours)) : ownColour(tone, colours);
  const dim = 1 - (show.shaded ?? 0) * 0.55;
  const base = stage.lit({ l: own.l * dim, a: own.a * dim, b: own.b * dim }, show.depth ?? 0);
  const fromLeft = stage.sun.x < (left + right) / 2;
  const bright = mix(lighter(base, 0.07), { ...stage.light.beam, l: base.l + 0.08 }, 0.14);
  const shade = lighter(turnHue(base, -8), -0.09);
  const slant = (bottom - top) * 0.25;
  const axis = fromLeft
    ? ([left, top, right, top + slant] as const)
    : ([right, top, left, top + slant] as const);
  const detail = show.depth && show.depth > 0.6 ? 0.6 : 0.95;
  const lamp = tone === 'g' && !show.reflected;
  return {
    from: lamp ? lampColour(stage) : bright,
    to: lamp ? lampColour(stage) : shade,
    axis,
    grain: 0.12,
    grainScale: [14, 14],
    alpha: show.reflected ? 0.4 : 1,
    detail: show.reflected ? 0.5 : detail,
    flow: right - left > bottom - top ? 0 : 0.25,
  };
}

function ownColour(tone: Tone, colours: Record<'b' | 'k' | 'a', Colour>): Colour {
  switch (tone) {
    case 's':
      return lighter(turnHue(colours.b, -10), -0.12);
    case 'l':
      return lighter(turnHue(colours.b, 6), 0.1);
    case 'd':
      return lch(0.24, 0.02, 50);
    case 'w':
      return lch(0.95, 0.015, 85);
    case 'g':
      return lch(0.75, 0.06, 80);
    case 'b':
    case 'k':
    case 'a':
      return colours[tone];
    default:
      return colours.b;
  }
}

// Under neon even black things take on colour.
const glowing = (colour: Colour): Colour =>
  chromaOf(colour) > 0.05
    ? { ...colour, l: Math.max(0.5, colour.l) }
    : mix(lch(0.64 + colour.l * 0.2, 0.2, 335), lch(0.85, 0.1, 200), colour.l);

const lampColour = (stage: Stage): Colour =>
  mix(lch(0.62, 0.05, 235), lch(0.92, 0.13, 82), Math.min(1, 0.25 + stage.light.darkness));

function drawHalo(stage: Stage, [left, top, right, bottom]: Box): void {
  const { darkness } = stage.light;
  if (darkness < 0.1) return;
  const radius = Math.max(right - left, bottom - top) / 2;
  stage.glow((left + right) / 2, (top + bottom) / 2, radius, lch(0.85, 0.13, 75), 0.75 * darkness);
}

function drawBeam(stage: Stage, outlines: readonly (readonly number[])[]): void {
  const { darkness } = stage.light;
  const [outline] = outlines;
  if (!outline || darkness < 0.3) return;
  const [x = 0, y = 0] = outline;
  const count = outline.length / 2 - 1;
  const [sx, sy] = [2, 3].map((start) => {
    let sum = 0;
    for (let i = start; i < outline.length; i += 2) sum += outline[i] ?? 0;
    return sum / count;
  });
  stage.fill([outline], {
    from: lch(0.93, 0.1, 90),
    to: lch(0.93, 0.1, 90),
    axis: [x, y, sx ?? x + 1, sy ?? y],
    fade: true,
    mode: 'add',
    alpha: 0.8 * darkness,
    detail: 0.5,
  });
}
