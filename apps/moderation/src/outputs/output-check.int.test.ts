import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StoredOutput } from '@safelight/contracts';
import { checkOutputs, newId, recordConsent, revokeConsent } from '@safelight/contracts';
import { FileObjectStore } from '@safelight/object-store';
import { createPool } from '@safelight/postgres';
import { BankStore } from '../banks/bank-store.js';
import { HashBanks } from '../banks/hash-banks.js';
import { DecisionLog } from '../decisions/decision-log.js';
import { DecisionDesk } from '../decisions/desk.js';
import { createReceiptKey, ReceiptSigner } from '../decisions/receipt-signer.js';
import { activate } from '../policy/active-policy.js';
import { policyV1 } from '../policy/policy.v1.js';
import { knownImageDigest, ModerationWorld } from '../test/moderation-world.js';
import type { TestImage } from '../test/test-images.js';
import { nobodyLooks, reportOf, testImage } from '../test/test-images.js';
import { OutputCheck } from './output-check.js';

let world: ModerationWorld;
beforeAll(async () => {
  world = await ModerationWorld.start();
  await world.runService();
}, 90_000);
afterAll(() => world.stop());

const accountId = newId('acc');
const check = async (jobId: string, ...outputs: StoredOutput[]) => {
  const request = { jobId, accountId, outputs, level: 0 };
  const { results } = await world.client.request(checkOutputs, request);
  return results.map(({ receipt }) => receipt);
};
const refuse = async (jobId: string, output: StoredOutput) => {
  const request = { jobId, accountId, outputs: [output], level: 0, refuseAll: true };
  return (await world.client.request(checkOutputs, request)).results[0]!.receipt;
};
const store = async (output: StoredOutput, bytes: Buffer) => {
  await world.store.put(output.key, bytes, { mediaType: output.mediaType });
};
const checkImage = async (image: TestImage, claims: Partial<StoredOutput> = {}) => {
  const jobId = newId('job');
  const bytes = await testImage(image);
  const output = reportOf(jobId, bytes, claims);
  await store({ ...output, mediaType: 'image/png' }, bytes);
  const [receipt] = await check(jobId, output);
  return receipt!;
};

describe('checking outputs', () => {
  it.each(['trainedAlgorithmicMedia', 'algorithmicMedia', 'compositeWithTrainedAlgorithmicMedia'])(
    'passes an image marked as %s',
    async (sourceType) => {
      expect(await checkImage({ sourceType })).toMatchObject({ verdict: 'pass', stage: 'output' });
    },
  );

  it('passes JPEG and WebP as well', async () => {
    for (const mediaType of ['image/jpeg', 'image/webp'] as const) {
      const jobId = newId('job');
      const bytes = await testImage({ mediaType });
      const key = `jobs/${jobId}/1/a.${mediaType.slice(6)}`;
      const output = reportOf(jobId, bytes, { mediaType, key });
      await store(output, bytes);
      expect((await check(jobId, output))[0]).toMatchObject({ verdict: 'pass' });
    }
  });

  it('refuses what a test key asked to have refused, but calls a real finding by its name', async () => {
    const [jobId, bytes] = [newId('job'), await testImage()];
    const output = reportOf(jobId, bytes);
    await store(output, bytes);
    expect(await refuse(jobId, output)).toMatchObject({ verdict: 'block', ruleId: 'T1' });
    const known = reportOf(newId('job'), bytes, { digest: knownImageDigest });
    expect(await refuse(newId('job'), known)).toMatchObject({ verdict: 'block', ruleId: 'F5' });
  });

  it.each<[string, string, TestImage, Partial<StoredOutput>]>([
    ['without a mark', 'F7', { sourceType: null }, {}],
    ['marked as a photograph', 'F7', { sourceType: 'digitalCapture' }, {}],
    ['of another width than claimed', 'F6', {}, { width: 17 }],
    ['of another height than claimed', 'F6', {}, { height: 9 }],
    ['of another type than claimed', 'F6', {}, { mediaType: 'image/webp' }],
    ['of another size than claimed', 'F6', {}, { bytes: 1 }],
    ['with another digest than claimed', 'F6', {}, { digest: 'a'.repeat(64) }],
    ['on the list of known images', 'F5', {}, { digest: knownImageDigest }],
    ['that the classifier refuses', 'D1', { pretends: 'unsafe' }, {}],
  ])('refuses an image %s', async (_what, ruleId, image, claims) => {
    expect(await checkImage(image, claims)).toMatchObject({ verdict: 'block', ruleId });
  });

  it('refuses bytes that are no image, even with a mark in them', async () => {
    const whole = await testImage();
    const broken = Buffer.concat([Buffer.from('garbage'), whole]);
    const jobId = newId('job');
    const output = reportOf(jobId, broken);
    await store(output, broken);
    expect((await check(jobId, output))[0]).toMatchObject({ verdict: 'block', ruleId: 'F6' });
  });

  it('refuses what is not there, what belongs to another job, and hostile keys', async () => {
    const jobId = newId('job');
    const bytes = await testImage({ shade: 5 });
    const elsewhere = reportOf(newId('job'), bytes);
    await store(elsewhere, bytes);
    const keys = [`jobs/${jobId}/1/absent.png`, elsewhere.key, `jobs/${jobId}/../../key.pem`];
    for (const key of keys) {
      const [receipt] = await check(jobId, { ...elsewhere, key });
      expect([key, receipt!.ruleId]).toEqual([key, 'F6']);
    }
  });

  it('answers for each of several outputs, and again with the same receipts', async () => {
    const jobId = newId('job');
    const images = await Promise.all([1, 2, 3].map((shade) => testImage({ shade })));
    const outputs = images.map((bytes) => reportOf(jobId, bytes));
    await Promise.all(outputs.map((output, i) => store(output, images[i]!)));
    const first = await check(jobId, ...outputs);
    expect(first.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass']);
    expect(first.map(({ subjectDigest }) => subjectDigest)).toEqual(outputs.map((o) => o.digest));
    expect(await check(jobId, ...outputs)).toEqual(first);
  });

  it('does not let a file that broke its claim live on the receipt of one that kept it', async () => {
    const jobId = newId('job');
    const bytes = await testImage({ shade: 77 });
    const honest = reportOf(jobId, bytes);
    await store(honest, bytes);
    await check(jobId, honest);
    const impostor = reportOf(jobId, await testImage({ sourceType: null }), {});
    await store(impostor, await testImage({ sourceType: null }));
    const claim = { ...impostor, digest: honest.digest };
    await expect(check(jobId, claim)).rejects.toMatchObject({ code: 'decision.contradicted' });
  });

  it('has no verdict when a classifier fails: an error, no receipt, no row', async () => {
    const jobId = newId('job');
    const bytes = await testImage({ pretends: 'fault' });
    const output = reportOf(jobId, bytes);
    await store(output, bytes);
    await expect(check(jobId, output)).rejects.toThrow();
    expect(await world.decisions('job_id = $1', jobId)).toHaveLength(0);
  });
});

describe('outputs that lean on a consent', () => {
  it('pass while it is live, and no longer', async () => {
    const keyId = newId('key');
    const grant = async (expiresAt: string | null, by = accountId) => {
      const said = { subject: 'model 17', purpose: 'a face swap', evidenceDigest: 'a'.repeat(64) };
      const asked = { ...said, accountId: by, keyId, expiresAt };
      return (await world.client.request(recordConsent, asked)).consentId;
    };
    const verdictOf = async (consent: string) => {
      const jobId = newId('job');
      const bytes = await testImage();
      const output = reportOf(jobId, bytes);
      await store(output, bytes);
      const request = { jobId, accountId, outputs: [output], level: 0, consent };
      const [one] = (await world.client.request(checkOutputs, request)).results;
      const { verdict, ruleId, category } = one!.receipt;
      return [verdict, ruleId, category];
    };
    const live = await grant(null);
    expect(await verdictOf(live)).toEqual(['pass', null, null]);
    await world.client.request(revokeConsent, { accountId, consentId: live });
    const refused = ['block', 'F3', 'consent'];
    expect(await verdictOf(live)).toEqual(refused);
    expect(await verdictOf(await grant('2001-01-01T00:00:00.000Z'))).toEqual(refused);
    expect(await verdictOf(await grant(null, newId('acc')))).toEqual(refused);
    expect(await verdictOf(newId('cns'))).toEqual(refused);
  });
});

describe('an object store that fails', () => {
  class BrokenStore extends FileObjectStore {
    override get(): never {
      throw new Error('EIO: i/o error, read');
    }
  }

  it('leaves no verdict at all: neither pass nor block', async () => {
    const pool = createPool({ url: world.env['DATABASE_URL']!, applicationName: 'test' });
    const policy = activate(policyV1, { namedPeople: [], knownImages: new Set() });
    const signer = ReceiptSigner.of(createReceiptKey());
    const { meter } = world.telemetry;
    const desk = new DecisionDesk(
      { for: () => ({ policy, shadow: undefined }) },
      new DecisionLog(pool, signer),
      meter,
    );
    const banks = new HashBanks(new BankStore(pool), world.telemetry.logger);
    await banks.refresh();
    const consents = { isLive: async () => true };
    const sightings = { record: async () => undefined };
    const broken = new BrokenStore(world.folder);
    const outputs = new OutputCheck({
      store: broken,
      policy,
      desk,
      classifiers: [],
      banks,
      lookMs: 60_000,
      sightings,
      consents,
      models: nobodyLooks,
      records: { of: async () => null },
      made: { note: async () => undefined },
    });
    const jobId = newId('job');
    const output = reportOf(jobId, await testImage());
    const checking = outputs.check({
      jobId,
      accountId,
      outputs: [output],
      level: 0,
      besidePicture: false,
      consent: null,
      refuseAll: false,
    });
    await expect(checking).rejects.toThrow('EIO');
    expect(await world.decisions('job_id = $1', jobId)).toEqual([]);
    await pool.end();
  });
});
