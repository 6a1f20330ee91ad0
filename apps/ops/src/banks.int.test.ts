import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { moderationService } from '@safelight/moderation';
import { provision } from '@safelight/postgres';
import { testPostgres, type TestPostgres } from '@safelight/testing';
import * as banks from './banks.js';
import { ops } from './ops.js';

let postgres: TestPostgres;
let url: string;
let folder: string;
beforeAll(async () => {
  postgres = await testPostgres();
  const service = { name: 'moderation', password: 'runtime', ownerPassword: 'owner' };
  const { url: adminUrl } = await postgres.database();
  const { moderation } = await provision({ adminUrl, services: [service] });
  await moderationService.migrate(moderation!.migrationUrl);
  url = moderation!.url;
  folder = await mkdtemp(join(tmpdir(), 'banks-'));
}, 120_000);
afterAll(async () => {
  await rm(folder, { recursive: true });
  await postgres.stop();
});

async function said(...words: string[]) {
  const heard = { out: '', err: '' };
  const code = await ops(['banks', ...words], [banks.bring, banks.list, banks.retire], {
    out: (text) => void (heard.out += text),
    err: (text) => void (heard.err += text),
    databaseUrl: url,
    folder: '/nowhere',
  });
  return { code, ...heard };
}

async function fileWith(text: string): Promise<string> {
  const file = join(folder, 'hashes.txt');
  await writeFile(file, text);
  return file;
}
const [one, two] = [`${'0f'.repeat(32)},80`, `${'f0'.repeat(32)},49`];
const bring = (file: string, ...more: string[]) =>
  said('import', '--name=synthetic', `--file=${file}`, '--provenance=made for a test', ...more);

describe('npm run ops -- banks', () => {
  it('imports, lists, replaces and retires a bank', async () => {
    expect((await said('list')).out).toBe('No external bank is loaded.\n');
    const file = await fileWith(`${one}\n${two}\n`);
    const made = await bring(file);
    expect([made.code, made.err]).toEqual([0, '']);
    expect(made.out).toMatch(/^synthetic: 1 pdq hashes, sha256 [0-9a-f]{12}; made for a test\n/);
    expect(made.out).toContain('1 hashes of a quality below 50 were left out.');
    expect((await bring(file)).out).toContain('in force under this name already');
    const other = await fileWith('aa'.repeat(32));
    expect(await bring(other, '--kind=sha256')).toMatchObject({
      code: 1,
      err: 'Another bank of this name is in force: say --replace to retire it in the same moment.\n',
    });
    expect((await bring(other, '--kind=sha256', '--replace')).out).toContain('1 sha256 hashes');
    expect((await said('list')).out).toMatch(/^synthetic: 1 sha256 hashes.*\n$/);
    expect((await said('retire', '--name=synthetic', '--reason=withdrawn')).code).toBe(0);
    expect((await said('list')).out).toBe('No external bank is loaded.\n');
    expect(await said('retire', '--name=synthetic', '--reason=again')).toMatchObject({
      ...{ code: 1, err: 'No bank of this name is in force.\n' },
    });
  });

  it('refuses with the remedy', async () => {
    const bare = await fileWith('0f'.repeat(32));
    expect(await bring(bare)).toMatchObject({ code: 1, err: expect.stringContaining('--kind') });
    expect(await bring(bare, '--kind=md5')).toMatchObject({ code: 2 });
    expect(await bring(join(folder, 'absent'))).toMatchObject({ code: 1 });
    expect(await said('import', `--file=${bare}`, '--name=a b')).toMatchObject({ code: 2 });
    expect(await said('import', `--file=${bare}`, '--name=a')).toMatchObject({
      ...{ code: 2, err: expect.stringContaining('Say --provenance.') },
    });
    expect(await said('retire', '--name=a')).toMatchObject({ code: 2 });
  });
});
