import { apart, type Box } from './boxes.js';

/** Pixels of the square that the detector sees. */
export const FACE_SIDE = 256;
const KEEP_FROM = 0.2;
const VALUES = 16;

/** Middles of the places where the detector looks for a face: two in each 16 pixels, six in each 32. */
const anchors: readonly (readonly [x: number, y: number])[] = [
  { stride: 16, each: 2 },
  { stride: 32, each: 6 },
].flatMap(({ stride, each }) => {
  const cells = FACE_SIDE / stride;
  return Array.from({ length: cells * cells * each }, (_, at) => {
    const cell = Math.floor(at / each);
    return [stride * ((cell % cells) + 0.5), stride * (Math.floor(cell / cells) + 0.5)] as const;
  });
});

/**
 * Faces in what BlazeFace answers, as shares of the square.
 * @param logits of 512 and 384 anchors
 * @param places 16 values for each: the middle and size of its box, then six points
 */
export function facesIn(
  logits: readonly [Float32Array, Float32Array],
  places: readonly [Float32Array, Float32Array],
): Box[] {
  const [fine] = logits;
  const found = anchors.flatMap(([x, y], at): Box[] => {
    const scale = at < fine.length ? 0 : 1;
    const within = at - scale * fine.length;
    const score = 1 / (1 + Math.exp(-(logits[scale][within] ?? Number.NEGATIVE_INFINITY)));
    if (score < KEEP_FROM) return [];
    const [dx = 0, dy = 0, width = 0, height = 0] = places[scale].subarray(within * VALUES);
    const left = (x + dx - width / 2) / FACE_SIDE;
    const top = (y + dy - height / 2) / FACE_SIDE;
    return [{ x: left, y: top, width: width / FACE_SIDE, height: height / FACE_SIDE, score }];
  });
  return apart(found);
}
