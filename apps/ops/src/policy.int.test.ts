import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@safelight/contracts';
import { moderationService } from '@safelight/moderation';
import { createPool, provision } from '@safelight/postgres';
import { testPostgres, type TestPostgres } from '@safelight/testing';
import { commands } from './commands.js';
import { ops } from './ops.js';

let postgres: TestPostgres;
let url: string;
let ownerUrl: string;
let folder: string;
beforeAll(async () => {
  postgres = await testPostgres();
  const service = { name: 'moderation', password: 'runtime', ownerPassword: 'owner' };
  const { url: adminUrl } = await postgres.database();
  const { moderation } = await provision({ adminUrl, services: [service] });
  await moderationService.migrate(moderation!.migrationUrl);
  [url, ownerUrl] = [moderation!.url, moderation!.migrationUrl];
  folder = await mkdtemp(join(tmpdir(), 'policies-'));
}, 120_000);
afterAll(async () => {
  await rm(folder, { recursive: true });
  await postgres.stop();
});

async function said(...words: string[]) {
  const heard = { out: '', err: '' };
  const code = await ops(['policy', ...words], commands, {
    out: (text) => void (heard.out += text),
    err: (text) => void (heard.err += text),
    databaseUrl: url,
    folder: '/nowhere',
  });
  return { code, ...heard };
}

async function fileWith(document: object): Promise<string> {
  const file = join(folder, 'policy.json');
  await writeFile(file, JSON.stringify({ format: 'safelight-policy-1', ...document }));
  return file;
}
const stricter = {
  name: 'stricter',
  scores: { 'output.suggestive': { category: 'attire', flag: 0.5, hold: 0.8, refuse: 0.9 } },
  rules: [
    { id: 'P1', category: 'minors', when: { concepts: [['minor']] }, action: 'refuse' },
    {
      id: 'P2',
      category: 'people',
      when: { concepts: [['named', 'public-figure']] },
      action: 'hold',
    },
  ],
};

const as = (verb: string, by: string, ...more: string[]) =>
  said(verb, '--name=stricter', `--by=${by}`, ...more);

describe('npm run ops -- policy', () => {
  it('leads a policy from draft to active, and it is on record', async () => {
    expect((await said('show')).out).toBe(
      'There is no such policy: what is compiled in binds alone.\n',
    );
    const file = await fileWith(stricter);
    const drafted = await said('draft', `--file=${file}`, '--by=Ann');
    expect([drafted.code, drafted.err]).toEqual([0, '']);
    expect(drafted.out).toMatch(/sha256 [0-9a-f]{64}\.\n$/);
    expect((await as('canary', 'ann')).err).toContain('This does not follow on draft');
    expect((await as('shadow', 'ann')).out).toContain('stricter: done.');
    expect((await as('approve', 'ANN')).err).toContain('somebody else has to');
    expect((await as('canary', 'ann')).err).toContain('there are 0');
    for (const by of ['bob', 'bob']) await as('approve', by);
    expect((await as('canary', 'ann', '--percent=10')).code).toBe(0);
    expect((await as('activate', 'ann')).err).toContain('This needs 2 people beside the author');
    await as('approve', 'eve');
    expect((await as('activate', 'ann')).out).toContain('Every moderation process hears of it');
    const shown = (await said('show', '--name=stricter')).out;
    expect(shown).toMatch(/^stricter: active, sha256 .* drafted by ann, approved of by bob, eve\n/);
    expect(shown.match(/ Policy\w+ by \w+/g)).toEqual([
      ...[' PolicyDrafted by ann', ' PolicyShadowed by ann', ' PolicyApproved by bob'],
      ...[' PolicyCanaried by ann', ' PolicyApproved by eve', ' PolicyActivated by ann'],
    ]);
    expect((await as('retire', 'ann', '--reason=a test')).code).toBe(0);
    expect((await as('retire', 'ann', '--reason=again')).err).toContain('or it is retired');
  });

  it('refuses what loosens the floor, and what is no policy, with the place', async () => {
    const loose = await fileWith({ ...stricter, categories: { minors: 'flag' } });
    expect(await said('draft', `--file=${loose}`, '--by=ann')).toMatchObject({
      code: 1,
      err: expect.stringContaining('/categories/minors: loosens the floor'),
    });
    expect(await said('replay', `--candidate=${loose}`)).toMatchObject({ code: 1 });
    const wrong = await fileWith({ name: 'a', rules: [{ id: 'F1' }] });
    expect(await said('draft', `--file=${wrong}`, '--by=ann')).toMatchObject({
      code: 1,
      err: expect.stringContaining('/rules/0/id: P and a number'),
    });
    expect(await said('draft', `--file=${wrong}`)).toMatchObject({ code: 2 });
    expect(await as('canary', 'ann', '--percent=51')).toMatchObject({ code: 2 });
  });

  it('has a record that nobody changes, the owner included', async () => {
    for (const one of [url, ownerUrl]) {
      const pool = createPool({ url: one, applicationName: 'test' });
      for (const verb of ['delete from', 'truncate']) {
        const statement = `${verb} moderation.policy_events`;
        await expect(pool.query(statement)).rejects.toMatchObject({ code: '42501' });
      }
      await pool.end();
    }
  });
});

/** Outputs of two accounts with these scores, as moderation stores them. */
async function stored(scores: readonly number[]): Promise<string[]> {
  const pool = createPool({ url, applicationName: 'test' });
  const ids = scores.map(() => newId('dec')).sort();
  for (const [at, score] of scores.entries()) {
    const measured = { score, provider: 'local', model: 'test/1' };
    const signals = { findings: [], texts: [], scores: { 'output.suggestive': measured } };
    await pool.query(
      `insert into moderation.decisions (decision_id, job_id, stage, subject_digest, account_id,
         verdict, action, receipt, grounds)
       values ($1, $2, 'output', repeat('a', 64), $3, 'pass', 'allow', '{}', $4)`,
      [ids[at], newId('job'), accounts[at % 2], JSON.stringify({ signals })],
    );
  }
  await pool.end();
  return ids;
}
const accounts = [newId('acc'), newId('acc')] as const;

describe('npm run ops -- policy replay', () => {
  it('tells what would change, by category and account, and every single flip', async () => {
    const ids = await stored([0.95, 0.1, 0.85, 0.2, 0.7, 0.92]);
    const out = join(folder, 'flips.jsonl');
    const file = await fileWith(stricter);
    const { code, out: told } = await said('replay', `--candidate=${file}`, `--out=${out}`);
    expect(code).toBe(0);
    expect(told.replace(/ in [\d.]+ s/, '').split('\n')).toEqual([
      '6 decisions were made again; 4 would be others.',
      '  2 from allow to refuse: attire (scores.output.suggestive)',
      '  1 from allow to hold: attire (scores.output.suggestive)',
      '  1 from allow to flag: attire (scores.output.suggestive)',
      'They belong to 2 accounts:',
      `  ${accounts[0]}: 3 of 3 decisions`,
      `  ${accounts[1]}: 1 of 3 decisions`,
      '',
    ]);
    const listed = (await readFile(out, 'utf8')).trim().split('\n');
    const flipped = listed.map((line) => (JSON.parse(line) as { decisionId: string }).decisionId);
    expect(flipped).toEqual([ids[0], ids[2], ids[4], ids[5]]);
    const later = await said('replay', `--candidate=${file}`, '--since=2999-01-01T00:00:00Z');
    expect(later.out).toMatch(/^0 decisions/);
    expect(await said('replay', `--candidate=${file}`, '--since=soon')).toMatchObject({ code: 2 });
    expect(await said('replay', '--candidate=/none')).toMatchObject({ code: 1 });
    const example = new URL('../../../docs/examples/policy-stricter.json', import.meta.url)
      .pathname;
    expect((await said('replay', `--candidate=${example}`)).out).toContain('4 would be others');
  });

  it('finds that nothing changes by what is compiled in, and what a decision was made from', async () => {
    const [id = ''] = await stored([0.4]);
    expect((await said('replay', '--candidate=none')).out).toContain('0 would be others.');
    const explained = await said('explain', `--decision=${id}`);
    const { grounds } = JSON.parse(explained.out) as {
      grounds: { signals: { scores: Record<string, object> } };
    };
    expect(grounds.signals.scores['output.suggestive']).toMatchObject({ score: 0.4 });
    expect((await said('explain', '--decision=dec_none')).code).toBe(1);
  });
});
