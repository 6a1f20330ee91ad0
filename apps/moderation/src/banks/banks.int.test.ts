import { hash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkOutputs, newId, screenPrompt } from '@safelight/contracts';
import { SealedObjects } from '@safelight/object-store';
import { hashOfHex, hexOf, pdqOfPicture } from '@safelight/perceptual-hash';
import { createPool } from '@safelight/postgres';
import type { RunningService } from '@safelight/telemetry';
import { eventually } from '@safelight/testing';
import type { Sharp } from 'sharp';
import { ModerationWorld } from '../test/moderation-world.js';
import { asOutput, scene } from '../test/scene.js';
import { reportOf } from '../test/test-images.js';
import { importBank, knownBanks, retireBank } from './operators.js';

let world: ModerationWorld;
let services: RunningService[];
let database: string;
beforeAll(async () => {
  world = await ModerationWorld.start();
  services = await Promise.all([world.runService(), world.runService()]);
  database = world.env['DATABASE_URL']!;
}, 90_000);
afterAll(() => world.stop());

const accountId = newId('acc');
const jpeg = 'image/jpeg' as const;

async function checked(bytes: Buffer, width = 128) {
  const jobId = newId('job');
  const key = `jobs/${jobId}/1/a.jpg`;
  const output = reportOf(jobId, bytes, { key, mediaType: jpeg, width, height: 128 });
  await world.store.put(key, bytes, { mediaType: jpeg });
  const request = { jobId, accountId, outputs: [output], level: 0 };
  return (await world.client.request(checkOutputs, request)).results[0]!.receipt;
}

async function screened(bytes?: Buffer, jobOfKey?: string) {
  const jobId = newId('job');
  const key = `jobs/${jobOfKey ?? jobId}/inputs/${newId('upl')}`;
  const words = { jobId, accountId, prompt: 'replace the sky with a sunset', negativePrompt: '' };
  if (bytes === undefined) return (await world.client.request(screenPrompt, words)).receipt;
  const sealed = { key, ...(await new SealedObjects(world.store).put(key, bytes)) };
  const pictures = [{ digests: [hash('sha256', bytes)], mediaType: jpeg, sealed }];
  return (await world.client.request(screenPrompt, { ...words, pictures })).receipt;
}

/** Of every process. */
const health = () =>
  Promise.all(
    services.map(async ({ opsUrl }) => {
      const answer = (await (await fetch(`${opsUrl}/health`)).json()) as {
        hash_banks: { status: string; banks: { name: string; hashes: number }[] };
      };
      return answer.hash_banks;
    }),
  );
const everybodySays = (status: string, names: readonly string[] = []) =>
  eventually(async () => {
    const all = await health();
    const ours = (one: (typeof all)[number]) => one.banks.map(({ name }) => name).join();
    return all.every((one) => one.status === status && ours(one) === names.join());
  });

/** The hash of a picture with so many bits changed, among strangers. */
async function bankOf(picture: Sharp, changed: number, strangers = 0): Promise<string> {
  const [pdq] = await pdqOfPicture(await picture.png().toBuffer());
  expect(pdq!.quality).toBeGreaterThan(50);
  const near = hashOfHex(hexOf(pdq!.hashes[0]!))!;
  for (let bit = 0; bit < changed; bit++) near[bit % 8] = near[bit % 8]! ^ (1 << (bit * 3));
  const half = () => randomBytes(16).toString('hex');
  const inverse = (hex: string) =>
    hex.replaceAll(/./g, (digit) => (15 - parseInt(digit, 16)).toString(16));
  const others = Array.from({ length: strangers }, half).map((one) => one + inverse(one));
  return [hexOf(near), ...others].map((hex) => `${hex},90`).join('\n');
}
const synthetic = { provenance: 'made for a test', kind: undefined, replaces: false };
const bring = (name: string, text: string, more: { kind?: 'sha256'; replaces?: boolean } = {}) =>
  importBank(database, { ...synthetic, name, text, ...more });

describe('a bank of known hashes', () => {
  it('is honestly none at first, on health and in every receipt', async () => {
    await everybodySays('no external bank loaded');
    const none = ['no external bank loaded'];
    expect(await screened()).toMatchObject({ verdict: 'pass', hashBanks: none });
    const output = await checked(await asOutput(scene(1)));
    expect(output).toMatchObject({ verdict: 'pass', hashBanks: none });
    expect(output.classifiers).not.toContain('safelight-pdq/1');
  });

  it('is known to every process without a restart, and finds copies of what is in it', async () => {
    expect(await checked(await asOutput(scene(2)))).toMatchObject({ verdict: 'pass' });
    // Enough for the tables, which a thread makes.
    const { bank } = await bring('synthetic', await bankOf(scene(2), 8, 20_500));
    await everybodySays('loaded', ['synthetic']);
    const named = [`synthetic: 20501 pdq hashes, sha256 ${bank.digest.slice(0, 12)}`];
    const copies = [
      asOutput(scene(2)),
      asOutput(scene(2), 50),
      asOutput(scene(2).rotate(90)),
      asOutput(scene(2).flop()),
    ];
    for (const copy of copies) {
      const found = { ruleId: 'F5', category: 'known-images', hashBanks: named };
      expect(await checked(await copy)).toMatchObject({ ...found, verdict: 'block' });
      expect(await screened(await copy)).toMatchObject({ ...found, verdict: 'block' });
    }
    const stranger = await asOutput(scene(3));
    for (const receipt of [await checked(stranger), await screened(stranger)]) {
      expect(receipt).toMatchObject({ verdict: 'pass', hashBanks: named });
      expect(receipt.classifiers).toContain('safelight-pdq/1');
    }
  });

  it('of SHA-256 finds the very same bytes alone', async () => {
    const bytes = await asOutput(scene(4));
    const digests = ['0'.repeat(64), hash('sha256', bytes), 'f'.repeat(64)];
    await bring('exact', digests.join('\n'), { kind: 'sha256' });
    await everybodySays('loaded', ['synthetic', 'exact']);
    expect(await checked(bytes)).toMatchObject({ ruleId: 'F5' });
    expect(await screened(bytes)).toMatchObject({ ruleId: 'F5' });
    expect(await checked(await asOutput(scene(4), 80))).toMatchObject({ verdict: 'pass' });
  });

  it('is imported once, replaced only where that is said, and retired', async () => {
    const text = await bankOf(scene(5), 0);
    expect(await bring('changing', text)).toMatchObject({ imported: true, belowFloor: 0 });
    expect(await bring('changing', text)).toMatchObject({ imported: false });
    const other = await bankOf(scene(6), 0);
    await expect(bring('changing', other)).rejects.toMatchObject({ code: 'bank.exists' });
    await bring('changing', other, { replaces: true });
    await everybodySays('loaded', ['synthetic', 'exact', 'changing']);
    await eventually(async () => (await checked(await asOutput(scene(6)))).ruleId === 'F5');
    expect(await checked(await asOutput(scene(5)))).toMatchObject({ verdict: 'pass' });
    await retireBank(database, 'changing', 'withdrawn');
    await everybodySays('loaded', ['synthetic', 'exact']);
    expect(await checked(await asOutput(scene(6)))).toMatchObject({ verdict: 'pass' });
    expect((await knownBanks(database)).map(({ name }) => name)).toEqual(['synthetic', 'exact']);
  });

  it('is not missed by a process whose connection for news was lost meanwhile', async () => {
    const admin = createPool({ url: world.postgres.adminUrl, applicationName: 'test admin' });
    const lost = await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen%'`,
    );
    await admin.end();
    expect(lost.rowCount).toBe(2);
    await bring('meanwhile', await bankOf(scene(7), 0));
    const known = eventually(async () => (await checked(await asOutput(scene(7)))).ruleId === 'F5');
    expect(await known).toBe(true);
    await everybodySays('loaded', ['synthetic', 'exact', 'meanwhile']);
  });
});

describe('a bank that should be there and cannot be read', () => {
  it.each([
    ['is missing', 'delete from moderation.hash_bank_hashes where bank_id = $1'],
    [
      'was changed',
      `update moderation.hash_bank_hashes set hashes = set_byte(hashes, 5, 255 - get_byte(hashes, 5))
       where bank_id = $1`,
    ],
  ])('leaves no verdict at all when a part of it %s, until it is put right', async (_, harm) => {
    const { bank } = await bring('harmed', await bankOf(scene(8), 0, 30));
    await everybodySays('loaded', ['synthetic', 'exact', 'meanwhile', 'harmed']);
    await world.ownerPool.query('alter table moderation.hash_bank_hashes disable trigger user');
    await world.ownerPool.query(harm, [bank.bankId]);
    await world.ownerPool.query('alter table moderation.hash_bank_hashes enable trigger user');
    // Whoever has it in memory goes on by it; whoever starts now does not.
    const [first, second] = services;
    await Promise.all([first!.close(), second!.close()]);
    services = [await world.runService()];
    await everybodySays('indeterminate', ['synthetic', 'exact', 'meanwhile']);
    expect((await fetch(`${services[0]!.opsUrl}/ready`)).status).toBe(503);
    const decided = async () => (await world.decisions('true')).length;
    const before = await decided();
    const fine = await asOutput(scene(9));
    await expect(checked(fine)).rejects.toThrow();
    await expect(screened(fine)).rejects.toThrow();
    await expect(screened()).rejects.toThrow();
    expect(await decided()).toBe(before);
    await retireBank(database, 'harmed', 'damaged');
    await everybodySays('loaded', ['synthetic', 'exact', 'meanwhile']);
    expect(await checked(fine)).toMatchObject({ verdict: 'pass' });
    services.push(await world.runService());
  });

  it('leaves none about a picture either that does not open, or is of another job', async () => {
    const bytes = await asOutput(scene(10));
    await expect(screened(bytes, newId('job'))).rejects.toThrow();
    await expect(screened(Buffer.from('no picture'))).rejects.toThrow();
    expect(await screened(bytes)).toMatchObject({ verdict: 'pass' });
  });
});
