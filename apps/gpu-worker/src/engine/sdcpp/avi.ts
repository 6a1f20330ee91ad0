import { EngineError } from '../engine.js';

const HEADER = 8;

/**
 * The frames of an AVI, each a JPEG, as stable-diffusion.cpp writes them (RIFF, Microsoft's AVI 1.0:
 * a list `movi` with a chunk for every frame, `00dc`). Sound is passed over.
 *
 * @throws EngineError `engine.output_unreadable`
 */
export function framesOfAvi(file: Buffer): Buffer[] {
  const kind = file.toString('latin1', 0, 4) + file.toString('latin1', 8, 12);
  if (kind !== 'RIFFAVI ') throw unreadable('it is no AVI');
  const frames: Buffer[] = [];
  walk(file, { from: 12, to: file.length }, (type, body) => {
    if (/^\d\dd[cb]$/.test(type) && body.length > 0) frames.push(body);
  });
  if (frames.length === 0) throw unreadable('it has no frames');
  return frames;
}

function walk(
  file: Buffer,
  { from, to }: { from: number; to: number },
  visit: (type: string, body: Buffer) => void,
): void {
  for (let at = from; at + HEADER <= to;) {
    const type = file.toString('latin1', at, at + 4);
    const length = file.readUInt32LE(at + 4);
    const [body, end] = [at + HEADER, at + HEADER + length];
    if (end > to) throw unreadable('its chunks do not fit');
    const isList = type === 'LIST' && length >= 4;
    const isMovie = isList && /^(movi|rec )$/.test(file.toString('latin1', body, body + 4));
    if (isMovie) walk(file, { from: body + 4, to: end }, visit);
    else if (!isList) visit(type, file.subarray(body, end));
    // Chunks begin at even places.
    at = end + (length % 2);
  }
}

const unreadable = (why: string): EngineError =>
  new EngineError(
    'engine.output_unreadable',
    `The video that the engine made cannot be read: ${why}.`,
  );
