import sharp from 'sharp';
import type { EngineRequest } from '../../engine.js';
import type { BuiltinEngine } from '../builtin.engine.js';

export const never: AbortSignal = new AbortController().signal;

/** A small request; a size is only read by a generation. */
export const request = (over: Partial<EngineRequest>): EngineRequest => ({
  ...{ operation: 'generate', model: 'builtin/atelier', prompt: 'a red fox in snow' },
  ...{ negativePrompt: '', width: 256, height: 256, steps: 3, guidance: 7, seed: 7 },
  format: 'png',
  ...over,
});

export const runOn = (engine: BuiltinEngine, over: Partial<EngineRequest>) =>
  engine.run(request(over), () => undefined, never);

/** Four bytes per pixel of any encoded picture, as another decoder of the same file sees them. */
export const pixelsOf = (bytes: Uint8Array): Promise<Buffer> =>
  sharp(bytes).toColourspace('srgb').ensureAlpha().raw().toBuffer();

/** A picture from a drawing in SVG. */
export const drawn = (width: number, height: number, body: string) =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}">${body}</svg>`,
    ),
  );

/** A landscape with a round red thing in the middle; opaque. */
export const landscape = (width = 256, height = 256) =>
  drawn(
    width,
    height,
    '<defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="#37c"/><stop offset="1" stop-color="#bde"/></linearGradient></defs>' +
      '<rect width="100%" height="100%" fill="url(#s)"/><rect y="70%" width="100%" height="30%" fill="#584"/>' +
      '<circle cx="50%" cy="55%" r="22%" fill="#c32"/>',
  ).flatten();

/** A mask from shapes, which are white unless they say otherwise, on black. */
export const maskOf = (shapes: string, width = 256, height = 256): Promise<Buffer> =>
  drawn(
    width,
    height,
    `<rect width="100%" height="100%" fill="#000"/><g fill="#fff" shape-rendering="crispEdges">${shapes}</g>`,
  )
    .flatten()
    .png()
    .toBuffer();

/** The places (x, y) of the pixels that differ at all. */
export function changedPlaces(a: Uint8Array, b: Uint8Array, width: number): [number, number][] {
  const places: [number, number][] = [];
  for (let i = 0; i < a.length; i += 4) {
    if ([0, 1, 2, 3].some((c) => a[i + c] !== b[i + c])) {
      places.push([(i / 4) % width, Math.floor(i / 4 / width)]);
    }
  }
  return places;
}

/** The mean difference of two pictures' colours, in byte steps. */
export function apart(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) if (i % 4 !== 3) sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
  return sum / ((a.length / 4) * 3);
}
