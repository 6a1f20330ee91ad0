import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createEgress } from '@safelight/egress';
import { FilmIntake } from '@safelight/film-intake';
import { testFilm } from '@safelight/testing';
import { VIDEO_LIMITS, VideoIntake } from './video-intake.js';

const films: Record<string, Buffer> = {};
/** Answers that have not ended, by the path that asked. */
let waiting: (() => void)[] = [];
const server = createServer((request, response) => {
  const { url = '' } = request;
  if (url === '/gone') return void response.writeHead(404).end('gone');
  if (url === '/inside')
    return void response.writeHead(302, { location: 'https://10.0.0.1/' }).end();
  if (url === '/slow') return void waiting.push(() => response.end(films['/a.mp4']));
  if (url === '/endless') {
    const piece = Buffer.alloc(1_000_000);
    const more = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', more);
    more();
    return;
  }
  return void response.end(films[url] ?? 'a page in place of a video');
});
let at: string;
let videos: VideoIntake;
beforeAll(async () => {
  films['/a.mp4'] = await testFilm({ height: 64, frames: 18 });
  films['/long.mp4'] = await testFilm({ height: 64, frames: 61, fps: 1 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  at = `http://127.0.0.1:${port}`;
  // What an operator opens for a receiver of its own; nothing else of the guard is switched off.
  const egress = createEgress({ receivers: [`127.0.0.1:${port}`] });
  videos = new VideoIntake({ egress, films: new FilmIntake(VIDEO_LIMITS) });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
const read = (path: string, account = 'acc_a') =>
  videos.withVideo({ accountId: account, url: `${at}${path}` }, (video) => Promise.resolve(video));

describe('a video by URL', () => {
  it('is fetched, and known by its content', async () => {
    const { bytes, digests, ...video } = await read('/a.mp4');
    expect(video).toEqual({
      ...{ mediaType: 'video/mp4', width: 64, height: 64, frames: 18, fps: 12 },
      seconds: expect.closeTo(1.5, 3) as unknown,
    });
    expect(bytes.equals(films['/a.mp4']!)).toBe(true);
    expect(digests).toHaveLength(1);
  });

  it.each([
    ['/gone', 'VALIDATION_ERROR', /answered 404/],
    ['/endless', 'PAYLOAD_TOO_LARGE', /larger than is read/],
    ['/inside', 'VALIDATION_ERROR', /not a public one/],
    ['/page.html', 'UNSUPPORTED_MEDIA', /no MP4/],
    ['/long.mp4', 'PAYLOAD_TOO_LARGE', /longer than 60 seconds/],
  ])('that cannot be used is refused by field: %s', async (path, code, remedy) => {
    await expect(read(path)).rejects.toMatchObject({
      code,
      detail: expect.stringMatching(remedy) as unknown,
      options: { errors: [{ pointer: '/video' }] },
    });
  });

  it('is one of few that are fetched at the same moment, and fewer of one account', async () => {
    const accounts = ['acc_a', 'acc_a', 'acc_b', 'acc_b', 'acc_c', 'acc_c'];
    const reading = accounts.map((account) => read('/slow', account));
    await expect(read('/a.mp4', 'acc_a')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await expect(read('/a.mp4', 'acc_d')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    while (waiting.length < accounts.length) await new Promise((resolve) => setImmediate(resolve));
    for (const go of waiting) go();
    waiting = [];
    expect(await Promise.all(reading)).toHaveLength(accounts.length);
    expect(await read('/a.mp4')).toMatchObject({ width: 64 });
  });
});
