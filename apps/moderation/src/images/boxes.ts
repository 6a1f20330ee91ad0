/** A rectangle with a score; sides are shares of the picture, 0 to 1, from its left upper corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** 0 to 1, as the model gives it; not a probability. */
  readonly score: number;
}

/** How much of two boxes they share: 0 to 1. */
export function overlap(a: Box, b: Box): number {
  const shared = areaOf(common(a, b));
  return shared === 0 ? 0 : shared / (areaOf(a) + areaOf(b) - shared);
}

/** The best ones, none of which shares more than `most` with a better one. */
export function apart<Boxed extends Box>(boxes: readonly Boxed[], most = 0.3): Boxed[] {
  const kept: Boxed[] = [];
  for (const box of [...boxes].sort((a, b) => b.score - a.score)) {
    if (kept.every((better) => overlap(better, box) < most)) kept.push(box);
  }
  return kept;
}

/** What two boxes share; without width or height where it is nothing. */
export function common(a: Box, b: Box): Box {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  const width = Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x);
  const height = Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y);
  return { x, y, width, height, score: Math.min(a.score, b.score) };
}

export const areaOf = ({ width, height }: Box): number => width * height;
