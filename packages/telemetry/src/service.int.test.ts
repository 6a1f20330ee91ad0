import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';

const folder = mkdtempSync(join(tmpdir(), 'safelight-service-'));
let made = 0;
afterAll(() => rmSync(folder, { recursive: true }));

/** A service of a few lines, as a process of its own: `start` and `close` are code. */
function run(parts: { start?: string; close?: string; args?: string[]; env?: object }) {
  const { start = '', close = '', args = [], env = {} } = parts;
  const program = `
    import { runService, startTelemetry, OpsServer } from ${JSON.stringify(new URL('./index.js', import.meta.url).href)};
    const telemetry = startTelemetry({ service: 'toy' });
    await runService({
      name: 'toy',
      migrate: async (url) => console.log('migrating ' + url),
      start: async (env) => {
        ${start}
        const ops = await OpsServer.start({ port: 0, telemetry, checks: {} });
        return { opsUrl: ops.url, telemetry, close: async () => { ${close}; await ops.close(); } };
      },
    });`;
  made += 1;
  const file = join(folder, `toy-${made}.mjs`);
  writeFileSync(file, program);
  const child = spawn(process.execPath, [file, ...args], {
    env: { PATH: process.env['PATH'], ...env },
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, output }));
  return { child, ended, heard: (text: string) => heard(child, () => output.includes(text)) };
}

async function heard(child: ChildProcess, there: () => boolean): Promise<void> {
  while (!there() && child.exitCode === null) {
    await Promise.race([once(child.stdout!, 'data'), once(child, 'close')]);
  }
  expect(there()).toBe(true);
}

describe('runService', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('closes in order on %s', async (signal) => {
    const toy = run({ close: `console.log('closed')` });
    await toy.heard('"msg":"ready"');
    toy.child.kill(signal);
    const { code, output } = await toy.ended;
    expect(output).toContain('closed');
    expect(output).toContain(signal);
    expect(code).toBe(0);
  });

  it('ends with 1 when closing fails', async () => {
    const toy = run({ close: `throw new Error('stuck')` });
    await toy.heard('"msg":"ready"');
    toy.child.kill('SIGTERM');
    const { code, output } = await toy.ended;
    expect([code, output.includes('stuck')]).toEqual([1, true]);
  });

  it('ends with 1 and a fatal line on a rejection that nobody handles', async () => {
    const start = `process.on('SIGUSR2', () => void Promise.reject(new Error('lost')));`;
    const toy = run({ start });
    await toy.heard('"msg":"ready"');
    toy.child.kill('SIGUSR2');
    const { code, output } = await toy.ended;
    expect(code).toBe(1);
    expect(output).toMatch(/"level":"fatal".*"message":"lost"/);
  });

  it('ends with 2 and the plain message on a wrong configuration', async () => {
    const toy = run({
      start: `throw Object.assign(new Error('  NATS_URL: is not set'), { name: 'ConfigError' });`,
    });
    expect(await toy.ended).toEqual({ code: 2, output: 'toy:   NATS_URL: is not set\n' });
  });

  it('ends with 1 and a stack when it cannot start', async () => {
    const { code, output } = await run({ start: `throw new Error('no port');` }).ended;
    expect(code).toBe(1);
    expect(output).toMatch(/toy could not start: Error: no port\n {4}at /);
  });

  it('migrates and ends', async () => {
    const env = { MIGRATION_DATABASE_URL: 'postgresql://owner@db/safelight' };
    const migrated = await run({ args: ['migrate'], env }).ended;
    expect(migrated).toEqual({ code: 0, output: 'migrating postgresql://owner@db/safelight\n' });
    expect(await run({ args: ['migrate'] }).ended).toEqual({
      code: 2,
      output: 'toy: MIGRATION_DATABASE_URL: is not set\n',
    });
    expect((await run({ args: ['serve'] }).ended).code).toBe(2);
  });
});
