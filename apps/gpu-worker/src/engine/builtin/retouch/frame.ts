import type { Picture } from '../picture.js';

/** A rectangle of a picture's pixels; it may reach beyond the picture. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a scene is put into a picture, and how large it is painted to be shrunk into there. */
export interface Frame extends Box {
  readonly paintWidth: number;
  readonly paintHeight: number;
}

const SMALLEST_SCENE = 256;
const NARROWEST = 3;
const RIM = 0.07;

/** The smallest box that holds every weight above 0, or nothing if there is none. */
export function extentOf(weights: Uint8Array, width: number, height: number): Box | undefined {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (weights[i] === 0) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  if (right < 0) return undefined;
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/**
 * Frames the scene for a region. One that spans the picture from side to side (a sky, a background)
 * shows a part of a scene as large as the picture; one that stands in it gets a scene of its own.
 */
export function frameFor(extent: Box, { width, height }: Box): Frame {
  const spans = extent.x === 0 && extent.width === width;
  const rises = extent.y === 0 && extent.height === height;
  if (spans || rises) return paintable({ x: 0, y: 0, width, height });
  const longest = Math.max(extent.width, extent.height);
  const least = Math.ceil(longest / NARROWEST);
  return paintable(grown(extent, Math.max(extent.width, least), Math.max(extent.height, least)));
}

// A rim all round, because some techniques leave theirs bare.
function grown(extent: Box, toWidth: number, toHeight: number): Box {
  const width = Math.ceil(toWidth * (1 + 2 * RIM));
  const height = Math.ceil(toHeight * (1 + 2 * RIM));
  const x = extent.x - Math.floor((width - extent.width) / 2);
  const y = extent.y - Math.floor((height - extent.height) / 2);
  return { x, y, width, height };
}

// Scenes are composed for pictures: what is smaller is painted large and then shrunk. A strip is
// only painted as wide as the painter's pictures may be.
function paintable(box: Box): Frame {
  const short = Math.min(box.width, box.height);
  const scale = Math.max(1, SMALLEST_SCENE / short);
  const paintWidth = Math.min(2_560, Math.ceil(box.width * scale));
  const paintHeight = Math.min(2_560, Math.ceil(box.height * scale));
  return { ...box, paintWidth, paintHeight };
}

/** Shrinks what was painted to the frame's own size, each pixel the mean of what it covers. */
export function shrunk(painted: Uint8Array, frame: Frame): Uint8Array {
  const { width, height, paintWidth, paintHeight } = frame;
  if (width === paintWidth && height === paintHeight) return painted;
  const out = new Uint8Array(width * height * 3);
  for (let y = 0, o = 0; y < height; y++) {
    const rows = coveredBy(y, height, paintHeight);
    for (let x = 0; x < width; x++, o += 3) {
      meanColour(painted, paintWidth, coveredBy(x, width, paintWidth), rows, out, o);
    }
  }
  return out;
}

type Span = readonly [from: number, to: number];

function coveredBy(index: number, length: number, paintLength: number): Span {
  const from = Math.floor((index * paintLength) / length);
  return [from, Math.max(from + 1, Math.floor(((index + 1) * paintLength) / length))];
}

function meanColour(
  rgb: Uint8Array,
  width: number,
  [left, right]: Span,
  [top, bottom]: Span,
  to: Uint8Array,
  at: number,
): void {
  let [r, g, b] = [0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let i = (y * width + left) * 3; i < (y * width + right) * 3; i += 3) {
      r += rgb[i] ?? 0;
      g += rgb[i + 1] ?? 0;
      b += rgb[i + 2] ?? 0;
    }
  }
  const count = (right - left) * (bottom - top);
  to[at] = Math.round(r / count);
  to[at + 1] = Math.round(g / count);
  to[at + 2] = Math.round(b / count);
}

/** What of a picture a frame shows, as large as the scene is painted; its rim is repeated outside. */
export function cropped({ rgba, width, height }: Picture, frame: Frame): Picture {
  const { paintWidth, paintHeight } = frame;
  const out = new Uint8Array(paintWidth * paintHeight * 4);
  for (let y = 0, o = 0; y < paintHeight; y++) {
    const py = within(frame.y + Math.floor(((y + 0.5) * frame.height) / paintHeight), height);
    for (let x = 0; x < paintWidth; x++, o += 4) {
      const px = within(frame.x + Math.floor(((x + 0.5) * frame.width) / paintWidth), width);
      const i = (py * width + px) * 4;
      out[o] = rgba[i] ?? 0;
      out[o + 1] = rgba[i + 1] ?? 0;
      out[o + 2] = rgba[i + 2] ?? 0;
      out[o + 3] = rgba[i + 3] ?? 0;
    }
  }
  return { rgba: out, width: paintWidth, height: paintHeight };
}

const within = (value: number, length: number): number =>
  value < 0 ? 0 : value >= length ? length - 1 : value;
