import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { billingService } from '@safelight/billing';
import { provision } from '@safelight/postgres';
import { testPostgres, type TestPostgres } from '@safelight/testing';
import { ops } from './ops.js';
import * as prices from './prices.js';

const commands = [prices.check, prices.preview, prices.publish];
const example = new URL('../../../docs/examples/prices-2027-01.json', import.meta.url);

let postgres: TestPostgres;
let url: string;
let folder: string;
beforeAll(async () => {
  postgres = await testPostgres();
  const service = { name: 'billing', password: 'runtime', ownerPassword: 'owner' };
  const { url: adminUrl } = await postgres.database();
  const { billing } = await provision({ adminUrl, services: [service] });
  await billingService.migrate(billing!.migrationUrl);
  url = billing!.url;
  folder = await mkdtemp(join(tmpdir(), 'prices-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await postgres.stop();
});

async function said(verb: string, ...rest: string[]) {
  const heard = { out: '', err: '' };
  const code = await ops(['prices', verb, ...rest], commands, {
    out: (text) => void (heard.out += text),
    err: (text) => void (heard.err += text),
    databaseUrl: url,
    folder: '/nowhere',
  });
  return { code, ...heard };
}

async function fileWith(document: unknown): Promise<string> {
  const file = join(folder, 'prices.json');
  await writeFile(file, typeof document === 'string' ? document : JSON.stringify(document));
  return file;
}

const ahead = new Date(Date.now() + 86_400_000).toISOString();

describe('ops prices', () => {
  it('checks, previews and publishes the example of the docs', async () => {
    const file = await fileWith(await readFile(example, 'utf8'));
    const options = ['--file', file, '--effective-from', ahead];
    const checked = await said('check', ...options);
    expect(checked).toEqual({
      ...{ code: 0, err: '' },
      out: `2027-01 is sound; it would be in force from ${ahead}.\n`,
    });
    const previewed = await said('preview', ...options);
    expect(previewed).toMatchObject({ code: 0, err: '' });
    expect(previewed.out).toContain('0 jobs of 0 accounts');
    const published = await said('publish', ...options);
    expect(published).toMatchObject({ code: 0, out: expect.stringContaining('is published') });
    const again = await said('publish', ...options);
    expect(again).toMatchObject({ code: 1, out: expect.stringContaining('version: 2027-01 was') });
  });

  it('tells every fault of a price book and where it is', async () => {
    const sound = JSON.parse(await readFile(example, 'utf8')) as Record<string, unknown>;
    const file = await fileWith({ ...sound, lanes: {}, notes: 'x' });
    const { code, out } = await said('check', '--file', file);
    expect(code).toBe(1);
    for (const at of ['lanes/interactive: ', 'lanes/batch: ', 'the document: ']) {
      expect(out).toContain(at);
    }
  });

  it.each<[string[], number, string]>([
    [[], 2, 'Name the price book with --file.'],
    [['--file', '/nowhere/prices.json'], 1, '/nowhere/prices.json cannot be read.'],
    [['--file', 'package.json', '--effective-from', 'soon'], 2, '--effective-from soon is no time'],
  ])('says what it cannot do with %j', async (options, expected, sentence) => {
    const { code, err } = await said('check', ...options);
    expect(code).toBe(expected);
    expect(err).toContain(sentence);
  });

  it('says of a file that it is no JSON', async () => {
    const { code, err } = await said('check', '--file', await fileWith('{"version": '));
    expect([code, err]).toEqual([1, expect.stringContaining('is no JSON')]);
  });
});
