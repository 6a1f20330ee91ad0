import { describe, expect, it } from '@jest/globals';
import { testFilm } from '@safelight/testing';
import { markedMp4 } from './mp4-marked.js';

describe("an engine's MP4", () => {
  it('lasts as long as its pictures do', async () => {
    const film = await testFilm({ frames: 18, fps: 12, width: 64, height: 48, xmp: null });
    expect(markedMp4(film, 'mark')).toMatchObject({ width: 64, height: 48, seconds: 1.5 });
    // The movie's header may say what it likes.
    const lying = Buffer.from(film);
    lying.fill(0, lying.indexOf('mvhd') + 8, lying.indexOf('mvhd') + 24);
    expect(markedMp4(lying, 'mark').seconds).toBe(1.5);
  });

  it('is refused where its length is not told', async () => {
    const film = await testFilm({ xmp: null });
    const at = film.indexOf('mdhd') + 4;
    film.fill(0, at + 12, at + 20);
    expect(() => markedMp4(film, 'mark')).toThrow(/does not say how long/);
  });

  it('is refused where its last box has no end, for the mark would be inside it', async () => {
    const endless = Buffer.concat([await testFilm({ xmp: null }), Buffer.from('\0\0\0\0freexx')]);
    expect(() => markedMp4(endless, 'mark')).toThrow(/do not fit/);
  });
});
