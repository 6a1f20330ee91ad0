import sharp from 'sharp';
import { seeded } from '../probe/seeded.js';

/** A picture in which nobody is: drawn by rule, in no camera's likeness. */
export interface Thing {
  readonly kind: string;
  readonly png: Buffer;
}

type Random = () => number;
const SIDE = 384;

const between = (random: Random, from: number, to: number) => from + random() * (to - from);
const colour = (random: Random) =>
  `hsl(${Math.round(random() * 360)} ${Math.round(between(random, 20, 90))}% ${Math.round(between(random, 20, 80))}%)`;
const point = (random: Random) => `${Math.round(random() * SIDE)},${Math.round(random() * SIDE)}`;

/** Each draws the inside of an SVG. */
const kinds: Readonly<Record<string, (random: Random) => string>> = {
  hills: (random) =>
    [200, 260, 320]
      .map(
        (y) =>
          `<path fill="${colour(random)}" d="M0 ${y + random() * 40}Q${point(random)} ${SIDE} ${y}V${SIDE}H0Z"/>`,
      )
      .join(''),
  balls: (random) =>
    Array.from(
      { length: 6 },
      () =>
        `<circle cx="${random() * SIDE}" cy="${random() * SIDE}" r="${between(random, 20, 90)}" fill="${colour(random)}"/>`,
    ).join(''),
  house: (random) => `<rect y="290" width="${SIDE}" height="94" fill="${colour(random)}"/>
    <rect x="110" y="170" width="170" height="140" fill="${colour(random)}"/>
    <path d="M95 172L195 ${between(random, 70, 120)}L295 172Z" fill="${colour(random)}"/>
    <rect x="175" y="230" width="45" height="80" fill="${colour(random)}"/>
    <rect x="130" y="200" width="30" height="30" fill="#bfe3f7"/><rect x="235" y="200" width="30" height="30" fill="#bfe3f7"/>`,
  tree: (random) => `<rect y="300" width="${SIDE}" height="84" fill="${colour(random)}"/>
    <rect x="180" y="200" width="26" height="130" fill="#5a3d22"/>
    <circle cx="193" cy="${between(random, 120, 160)}" r="${between(random, 60, 95)}" fill="${colour(random)}"/>`,
  car: (random) => `<rect y="270" width="${SIDE}" height="114" fill="#666"/>
    <rect x="60" y="210" width="260" height="60" rx="18" fill="${colour(random)}"/>
    <path d="M110 212L145 160H240L275 212Z" fill="${colour(random)}"/>
    <circle cx="120" cy="275" r="28" fill="#111"/><circle cx="262" cy="275" r="28" fill="#111"/>`,
  cup: (random) => `<rect y="260" width="${SIDE}" height="124" fill="${colour(random)}"/>
    <path d="M130 130H250L236 280H144Z" fill="${colour(random)}"/>
    <circle cx="258" cy="195" r="34" fill="none" stroke="${colour(random)}" stroke-width="14"/>`,
  flower: (random) =>
    Array.from(
      { length: 8 },
      (_, at) =>
        `<ellipse cx="192" cy="110" rx="26" ry="${between(random, 50, 80)}" fill="${colour(random)}" transform="rotate(${at * 45} 192 180)"/>`,
    ).join('') + `<circle cx="192" cy="180" r="30" fill="#e8b020"/>`,
  chart: (random) =>
    Array.from(
      { length: 9 },
      (_, at) =>
        `<rect x="${20 + at * 40}" y="${between(random, 60, 300)}" width="28" height="320" fill="${colour(random)}"/>`,
    ).join(''),
  writing: (random) =>
    Array.from(
      { length: 11 },
      (_, at) =>
        `<text x="16" y="${34 + at * 32}" font-size="22" fill="#222">${Array.from({ length: 6 }, () => Math.round(random() * 1e6).toString(36)).join(' ')}</text>`,
    ).join(''),
  stripes: (random) =>
    Array.from(
      { length: 24 },
      (_, at) =>
        `<rect x="${at * 16}" width="${between(random, 4, 14)}" height="${SIDE}" fill="${colour(random)}"/>`,
    ).join(''),
  curves: (random) =>
    Array.from(
      { length: 14 },
      () =>
        `<path d="M${point(random)}C${point(random)} ${point(random)} ${point(random)}" fill="none" stroke="${colour(random)}" stroke-width="${between(random, 2, 14)}"/>`,
    ).join(''),
  shards: (random) =>
    Array.from(
      { length: 26 },
      () =>
        `<path d="M${point(random)}L${point(random)}L${point(random)}Z" fill="${colour(random)}"/>`,
    ).join(''),
};

/** So many of each kind. */
export async function things(each: number, seed: string): Promise<Thing[]> {
  const random = seeded(seed);
  const drawn = Object.entries(kinds).flatMap(([kind, draw]) =>
    Array.from({ length: each }, () => {
      const sky = `<rect width="${SIDE}" height="${SIDE}" fill="${colour(random)}"/>`;
      return { kind, svg: sky + draw(random) };
    }),
  );
  return Promise.all(
    drawn.map(async ({ kind, svg }) => {
      const size = `width="${SIDE}" height="${SIDE}"`;
      const file = `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${svg}</svg>`;
      return { kind, png: await sharp(Buffer.from(file)).removeAlpha().png().toBuffer() };
    }),
  );
}
