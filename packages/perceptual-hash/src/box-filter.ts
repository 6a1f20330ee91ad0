/** Luminance, row by row, 0 to 255. */
export interface Luminance {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Side of the square that everything is made smaller to. */
export const SMALL = 64;
const PASSES = 2;

/** Which of a picture's axes run the other way in the one that is to be hashed. */
export interface Mirrored {
  readonly x: boolean;
  readonly y: boolean;
}

/** A picture that was blurred, to be made smaller. */
export interface Blurred extends Luminance {
  /** How many pixels the filters have moved it along each axis. */
  readonly moved: { readonly x: number; readonly y: number };
}

/**
 * Blurs by two rounds of box filters along rows and columns, which together are a tent filter
 * (Wojciech Jarosz, "Fast Image Convolutions", SIGGRAPH 2001). The window is half of a 64th of the
 * side, rounded up.
 */
export function blurred({ values, width, height }: Luminance): Blurred {
  const picture = Float32Array.from(values);
  const other = new Float32Array(picture.length);
  const [across = 1, down = 1] = [width, height].map((side) => Math.ceil(side / (2 * SMALL)));
  for (let pass = 0; pass < PASSES; pass++) {
    alongRows(picture, other, { width, height, window: across });
    alongColumns(other, picture, { width, height, window: down });
  }
  const moved = { x: isEven(across) ? PASSES : 0, y: isEven(down) ? PASSES : 0 };
  return { values: picture, width, height, moved };
}

const isEven = (value: number): boolean => (value & 1) === 0;

/**
 * 64×64 values of a blurred picture: those in the middle of each 64th part, or next to it. With an
 * even window the filter is half a pixel off its middle each time, and so are the values taken; in
 * a picture that is mirrored they would be off to the other side. `mirrored` takes the values that it
 * would have there, in the order of the picture as it is.
 */
export function madeSmall(picture: Blurred, mirrored: Mirrored): Float32Array {
  const { values, width, height, moved } = picture;
  const columns = placesOf(width, mirrored.x, moved.x);
  const rows = placesOf(height, mirrored.y, moved.y);
  const small = new Float32Array(SMALL * SMALL);
  rows.forEach((y, row) => {
    columns.forEach((x, column) => {
      small[row * SMALL + column] = values[y * width + x] ?? 0;
    });
  });
  return small;
}

function placesOf(side: number, mirrored: boolean, moved: number): number[] {
  const places = Array.from({ length: SMALL }, (_, at) => Math.floor(((at + 0.5) * side) / SMALL));
  if (!mirrored) return places;
  return places.map((place) => Math.max(0, side - 1 - place - moved)).reverse();
}

interface Pass {
  readonly width: number;
  readonly height: number;
  readonly window: number;
}

/** How far a window reaches: an even one goes one further ahead than back. */
const reachOf = (window: number) => {
  const ahead = window >> 1;
  return { ahead, back: window - ahead - 1 };
};

/** The mean of the values around each value; at both ends the window is cut off, and so is the mean. */
function alongRows(source: Float32Array, target: Float32Array, pass: Pass): void {
  const { width, height, window } = pass;
  const { ahead, back } = reachOf(window);
  for (let row = 0; row < height; row++) {
    const from = row * width;
    let sum = 0;
    let count = 0;
    for (let at = -ahead; at < width; at++) {
      if (at + ahead < width) {
        sum += source[from + at + ahead] ?? 0;
        count += 1;
      }
      if (at > back) {
        sum -= source[from + at - back - 1] ?? 0;
        count -= 1;
      }
      if (at >= 0) target[from + at] = sum / count;
    }
  }
}

/** The same down the columns, all of them at once: memory is read in the order in which it lies. */
function alongColumns(source: Float32Array, target: Float32Array, pass: Pass): void {
  const { width, height, window } = pass;
  const { ahead, back } = reachOf(window);
  const sums = new Float64Array(width);
  let count = 0;
  for (let row = -ahead; row < height; row++) {
    if (row + ahead < height) {
      add(sums, source, (row + ahead) * width, 1);
      count += 1;
    }
    if (row > back) {
      add(sums, source, (row - back - 1) * width, -1);
      count -= 1;
    }
    for (let at = 0; row >= 0 && at < width; at++) {
      target[row * width + at] = (sums[at] ?? 0) / count;
    }
  }
}

function add(sums: Float64Array, source: Float32Array, from: number, times: 1 | -1): void {
  for (let at = 0; at < sums.length; at++) {
    sums[at] = (sums[at] ?? 0) + times * (source[from + at] ?? 0);
  }
}
