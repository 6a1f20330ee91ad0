import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Home } from '../home.js';
import { runToEnd } from './supervised.js';

describe('npm start -- --once', () => {
  let home: string;
  const start = (prompt: string) =>
    runToEnd({
      name: 'standalone',
      entry: '../main.js',
      args: ['--once', '--home', home, '--prompt', prompt],
      env: {},
    });

  beforeAll(async () => {
    home = join(await realpath(await mkdtemp(join(tmpdir(), 'safelight-start-'))), 'home');
  });

  afterAll(() => rm(join(home, '..'), { recursive: true, force: true }));

  it('makes the picture, tells its story and price, and ends', async () => {
    const said = await start('a red fox in snow, woodcut');
    expect(said).toMatch(/API key {3}sl_live_\w{49}/);
    expect(said).toMatch(/accepted for 1 credit, 499 left/);
    expect(said).toMatch(/1 {2}\+ +0 ms {2}JobSubmitted[^]*JobCompleted/);
    expect(said).toMatch(/Cost {6}1 credit; 499 available, 0 held/);
    const picture = /Picture {3}(\S+)/.exec(said)?.[1] ?? '';
    expect((await readFile(picture)).subarray(1, 4).toString()).toBe('PNG');
    const env = await readFile(join(home, 'env'), 'utf8');
    expect(env).toMatch(
      /^SAFELIGHT_URL=http:\/\/127\.0\.0\.1:\d+\nSAFELIGHT_API_KEY=sl_live_\w{49}\n$/,
    );
  });

  it('remembers account and credits at the second start', async () => {
    const key =
      /SAFELIGHT_API_KEY=(\w+)/.exec(await readFile(join(home, 'env'), 'utf8'))?.[1] ?? 'none';
    const said = await start('ink mountains');
    expect(said).toContain(key);
    expect(said).toMatch(/498 available, 0 held/);
  });

  it('says in one sentence who has the folder already', async () => {
    const owner = await Home.open(home, []);
    const before = await readFile(join(home, 'memory.json'), 'utf8');
    const failure = await start('never drawn').catch(String);
    await owner.close();
    expect(failure).toContain(
      `Safelight could not go on: A Safelight on ${home} is already run by process ${process.pid}: ` +
        'stop that one first, or use another folder.\n',
    );
    expect(failure).not.toContain('starting');
    expect(await readFile(join(home, 'memory.json'), 'utf8')).toBe(before);
  });

  it('says in one sentence what is wrong with an option that it does not know', async () => {
    const failure = await runToEnd({
      name: 'standalone',
      entry: '../main.js',
      args: ['--onse'],
      env: {},
    }).catch(String);
    expect(failure).toMatch(/could not go on: Unknown option '--onse'/);
  });
});
