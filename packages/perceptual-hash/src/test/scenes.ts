import sharp, { type Sharp } from 'sharp';

// Looked up once: a global costs a test dearly in each of millions of rounds.
const { ceil, max, min, sqrt } = Math;

/** Numbers from 0 to 1 that are the same for the same seed (Tommy Ettinger's mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SHAPES = 200;
const painted = new Map<string, Buffer>();

/**
 * Shaded discs of all sizes that cover each other ("dead leaves"): few pictures that can be made by a
 * rule are as rich in large and small as photographs are.
 */
export function scene(seed: number, width = 320, height = 256): Sharp {
  const name = [seed, width, height].join(' ');
  const pixels = painted.get(name) ?? paint(randomOf(seed), width, height);
  painted.set(name, pixels);
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

function paint(random: () => number, width: number, height: number): Buffer {
  const pixels = Buffer.alloc(width * height * 3);
  for (let shape = 0; shape < SHAPES; shape++) {
    const radius = (0.03 + 0.35 * random() ** 3) * min(width, height);
    const [x, y] = [random() * width, random() * height];
    const [red, green, blue] = [random() * 200, random() * 200, random() * 200];
    const [slopeX, slopeY] = [((random() - 0.5) * 80) / radius, ((random() - 0.5) * 80) / radius];
    for (let row = max(0, ceil(y - radius)); row < min(height, y + radius); row++) {
      const half = sqrt(max(0, radius ** 2 - (row - y) ** 2));
      for (let at = max(0, ceil(x - half)); at < min(width, x + half); at++) {
        const shade = 30 + slopeX * (at - x) + slopeY * (row - y);
        const to = (row * width + at) * 3;
        pixels[to] = within(red + shade);
        pixels[to + 1] = within(green + shade);
        pixels[to + 2] = within(blue + shade);
      }
    }
  }
  return pixels;
}

const within = (value: number): number => max(0, min(255, value));
