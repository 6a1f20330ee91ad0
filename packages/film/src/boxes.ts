/** One box of an MP4: where it and its content begin, and where both end, in the file. */
export interface Box {
  readonly type: string;
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The boxes in a part of an MP4, in order; `undefined` unless they fill it exactly. Nothing is
 * guessed: sizes that say "up to the end", and more boxes than `most`, are refused.
 */
export function boxesIn(
  file: Buffer,
  from = 0,
  to = file.length,
  most = 64,
): readonly Box[] | undefined {
  const boxes: Box[] = [];
  for (let at = from; at < to;) {
    if (to - at < SHORT_HEAD || boxes.length === most) return undefined;
    const short = file.readUInt32BE(at);
    const long = short === 1;
    if (long && to - at < LONG_HEAD) return undefined;
    const size = long ? Number(file.readBigUInt64BE(at + SHORT_HEAD)) : short;
    const head = long ? LONG_HEAD : SHORT_HEAD;
    if (size < head || size > to - at) return undefined;
    const type = file.toString('latin1', at + 4, at + 8);
    boxes.push({ type, start: at, from: at + head, to: at + size });
    at += size;
  }
  return boxes;
}

const SHORT_HEAD = 8;
const LONG_HEAD = 16;
