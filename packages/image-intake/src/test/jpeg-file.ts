export type JpegSegment = Readonly<{ code: number; at: number; end: number }>;

/** One segment with its length, or with a lie in its place. */
export function jpegSegment(code: number, data: Buffer | string, length?: number): Buffer {
  const body = Buffer.from(data);
  const head = Buffer.from([0xff, code, 0, 0]);
  head.writeUInt16BE(length ?? body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** The segments up to the first scan, whose coded data is not part of it. */
export function jpegSegmentsOf(file: Buffer): JpegSegment[] {
  const segments: JpegSegment[] = [];
  for (let at = 2; segments.at(-1)?.code !== 0xda;) {
    const end = at + 2 + file.readUInt16BE(at + 2);
    segments.push({ code: file[at + 1]!, at, end });
    at = end;
  }
  return segments;
}

/** The same file with more segments right behind its start. */
export const withJpegSegments = (file: Buffer, ...segments: Buffer[]): Buffer =>
  Buffer.concat([file.subarray(0, 2), ...segments, file.subarray(2)]);

const isFrame = ({ code }: JpegSegment) => code === 0xc0 || code === 0xc1 || code === 0xc2;

/** The same file with another frame header. */
export function withJpegFrame(
  file: Buffer,
  change: { width?: number; height?: number; precision?: number; code?: number },
): Buffer {
  const changed = Buffer.from(file);
  const { at } = jpegSegmentsOf(file).find(isFrame)!;
  if (change.code !== undefined) changed[at + 1] = change.code;
  if (change.precision !== undefined) changed[at + 4] = change.precision;
  if (change.height !== undefined) changed.writeUInt16BE(change.height, at + 5);
  if (change.width !== undefined) changed.writeUInt16BE(change.width, at + 7);
  return changed;
}

export const frameSegment = (file: Buffer): Buffer => {
  const { at, end } = jpegSegmentsOf(file).find(isFrame)!;
  return file.subarray(at, end);
};

export const withoutJpegSegments = (file: Buffer, code: number): Buffer => {
  const gone = jpegSegmentsOf(file).filter((segment) => segment.code === code);
  const starts = [0, ...gone.map(({ end }) => end)];
  const ends = [...gone.map(({ at }) => at), file.length];
  return Buffer.concat(starts.map((start, index) => file.subarray(start, ends[index])));
};

/** The last scan of a file as often as asked, each a pass over the whole picture. */
export function withRepeatedScan(file: Buffer, times: number): Buffer {
  const at = file.lastIndexOf(Buffer.from([0xff, 0xda]));
  const scan = file.subarray(at, file.length - 2);
  const end = file.subarray(file.length - 2);
  return Buffer.concat([file.subarray(0, at), ...Array.from({ length: times }, () => scan), end]);
}
