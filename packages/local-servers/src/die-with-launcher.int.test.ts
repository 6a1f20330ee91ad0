import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';
import { startNats } from './nats/start-nats.js';
import { startPostgres } from './postgres/start-postgres.js';
import { allGone } from './process/proc.js';
import { testFolder } from './test-folder.js';

const { inFolder, atEnd } = testFolder();
const index = new URL('./index.js', import.meta.url).href;
const script = `
  const { startPostgres, startNats } = await import(process.argv[1]);
  const postgres = await startPostgres({ dataDir: process.argv[2] });
  const nats = await startNats({ storeDir: process.argv[3] });
  console.log(JSON.stringify([postgres.pid, nats.pid]));
`;

describe('a launcher that is killed', () => {
  it('takes its servers with it, and the next start finds the folders in order', async () => {
    const [dataDir, storeDir] = [inFolder('pg'), inFolder('nats')];
    const args = ['--input-type=module', '-e', script, index, dataDir, storeDir];
    const launcher = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface(launcher.stdout), 'line')) as [string];
    const pids = JSON.parse(line) as number[];
    launcher.kill('SIGKILL');
    expect(await allGone(pids, 15_000)).toBe(true);
    const postgres = await startPostgres({ dataDir });
    atEnd(() => postgres.stop());
    const nats = await startNats({ storeDir });
    await Promise.all([postgres.stop(), nats.stop()]);
    expect(await postgres.exited).toEqual({ code: 0, signal: null });
  });
});
