import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Home } from './home.js';

let folder: string;
const memoryFile = () => join(folder, 'memory.json');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safelight-home-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Another process that has the folder open. */
async function holder() {
  const script = `
    const { Home } = await import(process.argv[1]);
    const home = await Home.open(process.argv[2], ['billing']);
    process.stdout.write(JSON.stringify(home.memory));
    setInterval(() => undefined, 60_000);`;
  const args = ['--input-type=module', '-e', script, new URL('./home.js', import.meta.url).href];
  const child = spawn(process.execPath, [...args, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, memory: JSON.parse(text.toString()) as unknown };
}

describe('a home', () => {
  it('is one process’s, who dies with it however it dies, and remembers', async () => {
    const { child, memory } = await holder();
    // What a second process may neither read nor replace.
    await writeFile(memoryFile(), 'being written');
    await expect(Home.open(folder, ['billing'])).rejects.toThrow(
      `is already run by process ${child.pid}: stop that one first`,
    );
    expect(await readFile(memoryFile(), 'utf8')).toBe('being written');
    expect(await readdir(folder)).toEqual(['memory.json']);

    await writeFile(memoryFile(), JSON.stringify(memory));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const home = await Home.open(folder, ['billing']);
    expect(home.memory).toEqual(memory);
    await home.close();
  });

  it('is free again once it is closed, and when opening it failed', async () => {
    await mkdir(memoryFile());
    await expect(Home.open(folder, [])).rejects.toMatchObject({ code: 'EISDIR' });
    await rm(memoryFile(), { recursive: true });
    const first = await Home.open(folder, ['billing']);
    await first.remember({ account: { accountId: 'acc_1', apiKey: 'sl_live_1' } });
    await first.close();
    const second = await Home.open(folder, ['billing', 'gateway']);
    expect(second.memory.account).toEqual({ accountId: 'acc_1', apiKey: 'sl_live_1' });
    expect(second.passwordsOf('billing')).toEqual(first.passwordsOf('billing'));
    await second.close();
  });
});
