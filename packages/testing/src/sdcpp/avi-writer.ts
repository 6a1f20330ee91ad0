const chunk = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.write(type, 0, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
};

const list = (type: string, ...parts: Buffer[]): Buffer =>
  chunk('LIST', Buffer.concat([Buffer.from(type, 'latin1'), ...parts]));

const u32 = (...values: number[]): Buffer => {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => buffer.writeUInt32LE(value, at * 4));
  return buffer;
};

export interface MotionJpeg {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** JPEGs. */
  readonly frames: readonly Buffer[];
}

/** An AVI (RIFF, AVI 1.0) of JPEGs, as stable-diffusion.cpp writes its videos. */
export function writeAvi({ width, height, fps, frames }: MotionJpeg): Buffer {
  const count = frames.length;
  const main = u32(Math.round(1e6 / fps), 0, 0, 0x10, count, 0, 1, 0, width, height, 0, 0, 0, 0);
  const stream = Buffer.concat([
    Buffer.from('vidsMJPG', 'latin1'),
    u32(0, 0, 0, 1, fps, 0, count, 0, 0xffffffff, 0, 0, 0),
  ]);
  const format = Buffer.concat([
    u32(40, width, height, 0x180001),
    Buffer.from('MJPG', 'latin1'),
    u32(width * height * 3, 0, 0, 0, 0),
  ]);
  const header = list(
    'hdrl',
    chunk('avih', main),
    list('strl', chunk('strh', stream), chunk('strf', format)),
  );
  const movie = list('movi', ...frames.map((frame) => chunk('00dc', frame)));
  const index = chunk('idx1', Buffer.alloc(16 * count));
  return chunk('RIFF', Buffer.concat([Buffer.from('AVI ', 'latin1'), header, movie, index]));
}
