/**
 * Where the things in a mask touch down: for each column the lowest row of the thing that stands
 * there, and between things that of the nearest one.
 */
export function feetOf(mask: Uint8Array, width: number): Float64Array {
  const height = mask.length / width;
  const feet = new Float64Array(width).fill(-1);
  for (let x = 0; x < width; x++) {
    for (let y = height - 1; y >= 0 && feet[x] === -1; y--) {
      if (mask[y * width + x] !== 0) feet[x] = y;
    }
  }
  joinRuns(feet);
  fillGaps(feet);
  return feet;
}

// Columns side by side belong to one thing: it stands on its lowest one.
function joinRuns(feet: Float64Array): void {
  for (let x = 0; x < feet.length; x++) {
    if (feet[x] === -1) continue;
    let [end, lowest] = [x, 0];
    for (; end < feet.length && feet[end] !== -1; end++) lowest = Math.max(lowest, feet[end] ?? 0);
    feet.fill(lowest, x, end);
    x = end;
  }
}

function fillGaps(feet: Float64Array): void {
  let last = -1;
  for (let x = 0; x < feet.length; x++) {
    if (feet[x] !== -1) {
      last = x;
      continue;
    }
    let next = x;
    while (next < feet.length && feet[next] === -1) next++;
    const middle = last < 0 ? x : next < feet.length ? (last + next) / 2 : next;
    for (let at = x; at < next; at++) feet[at] = feet[at < middle ? last : next] ?? 0;
    x = next - 1;
  }
}
