import sharp, { type Sharp } from 'sharp';

// Looked up once: a global costs a test dearly in each of millions of rounds.
const { ceil, imul, max, min, sqrt } = Math;

/** Numbers from 0 to 1 that are the same for the same seed (Tommy Ettinger's mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = imul(state ^ (state >>> 15), state | 1);
    t ^= t + imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SHAPES = 150;

/** Shaded discs that cover each other, with a little grain: as rich in large and small as photographs are. */
export function scene(seed: number, width: number, height: number): Sharp {
  const random = randomOf(seed);
  const pixels = Buffer.alloc(width * height * 3);
  for (let shape = 0; shape < SHAPES; shape++) {
    const radius = (0.02 + 0.35 * random() ** 3) * min(width, height);
    const [x, y] = [random() * width, random() * height];
    const colour = [random() * 200, random() * 200, random() * 200];
    const slope = ((random() - 0.5) * 80) / radius;
    for (let row = max(0, ceil(y - radius)); row < min(height, y + radius); row++) {
      const half = sqrt(max(0, radius ** 2 - (row - y) ** 2));
      for (let at = max(0, ceil(x - half)); at < min(width, x + half); at++) {
        const shade = 25 + slope * (at - x) + 6 * random();
        for (let channel = 0; channel < 3; channel++) {
          const value = (colour[channel] ?? 0) + shade;
          pixels[(row * width + at) * 3 + channel] = max(0, min(255, value));
        }
      }
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}
