import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { FrameReader, FrameTooLong, headOf, StreamEnded } from './frames.js';

const framed = (kind: number, text: string) =>
  Buffer.concat([headOf(kind, text.length), Buffer.from(text)]);

describe('frames', () => {
  it('are read however the stream is cut', async () => {
    const sent = Buffer.concat([framed(1, 'one'), framed(2, ''), framed(3, 'three')]);
    for (const size of [1, 2, 7, sent.length]) {
      const stream = new PassThrough();
      const reader = new FrameReader(stream);
      const frames = [reader.next(10)];
      for (let at = 0; at < sent.length; at += size) stream.write(sent.subarray(at, at + size));
      const read = [await frames[0], await reader.next(10), await reader.next(10)];
      expect(read.map((frame) => [frame?.kind, frame?.body.toString()])).toEqual([
        [1, 'one'],
        [2, ''],
        [3, 'three'],
      ]);
    }
  });

  it('that are too long are not read', async () => {
    const stream = new PassThrough();
    const reader = new FrameReader(stream);
    stream.write(headOf(1, 11));
    await expect(reader.next(10)).rejects.toThrow(FrameTooLong);
  });

  it.each([
    ['nothing', ''],
    ['half a head', '\x01\0'],
    ['half a body', '\x01\0\0\0\x05abc'],
  ])('are missed when the stream ends after %s', async (_, text) => {
    const stream = new PassThrough();
    const reader = new FrameReader(stream);
    stream.end(Buffer.from(text, 'latin1'));
    await expect(reader.next(10)).rejects.toThrow(StreamEnded);
    await expect(reader.next(10)).rejects.toThrow(StreamEnded);
  });

  it('are missed when the stream breaks', async () => {
    const stream = new PassThrough();
    const reader = new FrameReader(stream);
    const frame = expect(reader.next(10)).rejects.toThrow(StreamEnded);
    stream.destroy(new Error('reset'));
    await frame;
  });

  it('that nobody asked for wait outside', async () => {
    const stream = new PassThrough({ highWaterMark: 100 });
    const reader = new FrameReader(stream);
    const first = reader.next(10);
    stream.write(framed(1, 'one'));
    await first;
    while (stream.write(Buffer.alloc(50)));
    expect(stream.writableNeedDrain).toBe(true);
  });
});
