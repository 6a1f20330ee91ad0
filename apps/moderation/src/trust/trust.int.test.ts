import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  appealDecision,
  checkOutputs,
  fileReport,
  findOutput,
  getConsent,
  getDecision,
  getJob,
  getReceiptKeys,
  listConsents,
  newId,
  recordConsent,
  revokeConsent,
  screenPrompt,
  verifyReceipt,
  withdrawConsent,
} from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { SafelightServer } from '@safelight/messaging';
import { eventually } from '@safelight/testing';
import { hexOf, pdqOfPicture } from '@safelight/perceptual-hash';
import { ModerationWorld } from '../test/moderation-world.js';
import { accountStands } from '../standing/operators.js';
import { countsOf } from './counts.js';
import { claimCase, overturnRefusal, waitingCases } from './operators.js';
import { asOutput, scene } from '../test/scene.js';
import { reportOf, testImage } from '../test/test-images.js';

let world: ModerationWorld;
beforeAll(async () => {
  world = await ModerationWorld.start();
  await world.runService({ ...world.env, CONSENT_SWEEP_EVERY_MS: '50' });
}, 90_000);
afterAll(() => world.stop());

const accountId = newId('acc');
const keyId = newId('key');
const ask: typeof world.client.request = (operation, payload) =>
  world.client.request(operation, payload);
const screened = async (prompt: string) => {
  const request = { jobId: newId('job'), accountId, prompt, negativePrompt: '' };
  return (await ask(screenPrompt, request)).receipt;
};
const appeal = (decisionId: string, by = accountId) =>
  ask(appealDecision, { decisionId, accountId: by, keyId, statement: 'It is a painting.' });

describe('a decision', () => {
  it('is read by its own account alone, with a receipt that verifies', async () => {
    const { decisionId } = await screened('a nude figure');
    const { receipt, appealable, appeal: none } = await ask(getDecision, { decisionId, accountId });
    expect([receipt.verdict, appealable, none]).toEqual(['block', true, null]);
    const { publicKey } = (await ask(getReceiptKeys, {})).keys[0]!;
    const der = Buffer.from(publicKey, 'base64');
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    expect(verifyReceipt(key, receipt)).toBe(true);
    const foreign = ask(getDecision, { decisionId, accountId: newId('acc') });
    await expect(foreign).rejects.toMatchObject({ code: 'decision.not_found' });
    const never = ask(getDecision, { decisionId: newId('dec'), accountId });
    await expect(never).rejects.toMatchObject({ code: 'decision.not_found' });
  });

  it('is appealed once, however many ask at once, and by nobody else', async () => {
    const { decisionId } = await screened('a nude figure');
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => appeal(decisionId)));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(appeal(decisionId)).rejects.toMatchObject({ code: 'appeal.exists' });
    await expect(appeal(decisionId, newId('acc'))).rejects.toMatchObject({
      code: 'decision.not_found',
    });
    const read = await ask(getDecision, { decisionId, accountId });
    expect(read).toMatchObject({ appealable: false, appeal: { state: 'open' } });
  });

  it('is not appealed when it passed, nor by rules of the floor that have no appeal', async () => {
    const { decisionId } = await screened('a lake');
    await expect(appeal(decisionId)).rejects.toMatchObject({ code: 'decision.passed' });
    const minor = await screened('a nude child');
    expect(minor.ruleId).toBe('F1');
    await expect(appeal(minor.decisionId)).rejects.toMatchObject({
      code: 'decision.not_appealable',
      details: { ruleId: 'F1' },
    });
  });
});

describe('an appeal', () => {
  it('is overturned by two people: the strike is erased, and the customer reads it', async () => {
    const { bus, telemetry, env } = world;
    const orchestrator = new SafelightServer({ bus, telemetry, service: 'jobs', streams: [] });
    orchestrator.answer(getJob, () => {
      throw new DomainError('job.not_found');
    });
    await new Promise<void>((resolve) => void orchestrator.listen(() => resolve()));
    const url = env['DATABASE_URL']!;
    const { decisionId } = await screened('a nude figure');
    const { appealId } = await appeal(decisionId);
    const grounds = (by: string) => ({ by, rule: 'D1', rationale: 'a statue' });
    const state = async () => (await ask(getDecision, { decisionId, accountId })).appeal?.state;
    await claimCase(url, appealId, 'ann');
    const waiting = await waitingCases(url, 100);
    expect(waiting.map(({ caseId }) => caseId)).toContain(appealId);
    const stolen = overturnRefusal(url, appealId, grounds('bob'));
    await expect(stolen).rejects.toMatchObject({ code: 'case.claimed' });
    for (const by of ['ann', 'ann']) {
      expect((await overturnRefusal(url, appealId, grounds(by))).outcome).toBe('open');
    }
    expect(await state()).toBe('open');
    expect((await overturnRefusal(url, appealId, grounds('bob'))).outcome).toBe('overturned');
    expect(await state()).toBe('overturned');
    const erased = async () => {
      const text = `select payload ->> 'type' as type from moderation.events
        where type in ('StrikeErased', 'OverturnCarriedOut')
          and (payload ->> 'by' = $1 or stream_id = $2)`;
      const { rows } = await world.ownerPool.query(text, [appealId, `review-${appealId}`]);
      return rows.length === 2;
    };
    await eventually(erased);
    const stands = await accountStands(url, accountId);
    expect(stands.strikes.map((one) => one.decisionId)).not.toContain(decisionId);
    const month = new Date().toISOString().slice(0, 7);
    const counts = await countsOf(url, month);
    expect(counts).toContainEqual({
      what: 'appeals',
      category: 'D1',
      outcome: 'overturned',
      count: 1,
    });
    await orchestrator.close();
  });
});

describe('a consent', () => {
  const wanted = { keyId, purpose: 'portraits', evidenceDigest: 'a'.repeat(64), expiresAt: null };
  const record = (subject: string, by = accountId, expiresAt: string | null = null) =>
    ask(recordConsent, { ...wanted, accountId: by, subject, expiresAt });

  it('lives until it is revoked, once and for good, or over', async () => {
    const { consentId, live } = await record('model 1');
    expect(live).toBe(true);
    const revoked = await ask(revokeConsent, { accountId, consentId });
    expect([revoked.live, revoked.revokedAt]).toEqual([false, expect.any(String)]);
    expect(await ask(revokeConsent, { accountId, consentId })).toEqual(revoked);
    expect(await ask(getConsent, { accountId, consentId })).toEqual(revoked);
    const over = await record('model 2', accountId, '2026-01-01T00:00:00.000Z');
    expect(over.live).toBe(false);
  });

  it('that is revoked ends what leans on it, however long nobody answers for that', async () => {
    const { consentId } = await record('model 3');
    await ask(revokeConsent, { accountId, consentId });
    const withdrawn = async () => {
      const text = `select withdrawn_at from moderation.consents where consent_id = $1`;
      const { rows } = await world.ownerPool.query<{ withdrawn_at: Date | null }>(text, [
        consentId,
      ]);
      return rows[0]?.withdrawn_at ?? null;
    };
    expect(await withdrawn()).toBeNull();
    const { bus, telemetry } = world;
    const orchestrator = new SafelightServer({ bus, telemetry, service: 'jobs', streams: [] });
    const asked: string[] = [];
    // First a job is being settled, then there is work to do, then nothing is left.
    orchestrator.answer(withdrawConsent, async ({ consentId: one }) => {
      if (one !== consentId) return { cancelled: 0, erased: 0, left: false };
      asked.push(one);
      const erased = asked.length === 2 ? 1 : 0;
      expect(await withdrawn()).toBeNull();
      return { cancelled: 0, erased, left: asked.length < 3 };
    });
    await new Promise<void>((resolve) => void orchestrator.listen(() => resolve()));
    await eventually(async () => (await withdrawn()) !== null);
    expect(asked).toHaveLength(3);
    await orchestrator.close();
  });

  it('is listed page by page to its own account alone', async () => {
    const [own, stranger] = [newId('acc'), newId('acc')];
    const ids: string[] = [];
    for (const subject of ['a', 'b', 'c']) ids.push((await record(subject, own)).consentId);
    const first = await ask(listConsents, { accountId: own, limit: 2, before: null });
    const rest = await ask(listConsents, { accountId: own, limit: 2, before: first.next });
    const seen = [...first.consents, ...rest.consents].map(({ consentId }) => consentId);
    expect([seen, rest.next]).toEqual([ids.toReversed(), null]);
    const consentId = ids[0]!;
    for (const operation of [getConsent, revokeConsent]) {
      const refused = ask(operation, { accountId: stranger, consentId });
      await expect(refused).rejects.toMatchObject({ code: 'consent.not_found' });
    }
    const none = await ask(listConsents, { accountId: stranger, limit: 2, before: null });
    expect(none).toEqual({ consents: [], next: null });
  });
});

describe('a report', () => {
  it('is due in 48 hours', async () => {
    const about = { jobId: newId('job'), outputId: null, imageDigest: null, contact: null };
    const asked = { ...about, reason: 'likeness', details: '' };
    const { createdAt, dueAt } = await ask(fileReport, asked);
    expect(Date.parse(dueAt) - Date.parse(createdAt)).toBe(48 * 3_600_000);
  });
});

describe('the registry of outputs', () => {
  const nothing = { decidedAt: null, watermark: null, likeness: null };

  it('knows the digests of files that passed, and no others', async () => {
    const [jobId, bytes] = [newId('job'), await testImage({ shade: 7 })];
    const output = reportOf(jobId, bytes);
    const find = (digest: string) => ask(findOutput, { digest });
    expect(await find(output.digest)).toEqual(nothing);
    await world.store.put(output.key, bytes, { mediaType: 'image/png' });
    const checking = { jobId, accountId, outputs: [output], level: 0 };
    const { results } = await ask(checkOutputs, checking);
    const { decidedAt } = results[0]!.receipt;
    expect(await find(output.digest)).toEqual({ ...nothing, decidedAt });
    const refused = reportOf(newId('job'), bytes, { digest: 'd'.repeat(64) });
    await ask(checkOutputs, { ...checking, jobId: newId('job'), outputs: [refused] });
    expect(await find(refused.digest)).toEqual(nothing);
  });

  it('knows a copy by the id in its watermark, and by what it looks like', async () => {
    const passed = async (seed: number, watermark: string, besidePicture: boolean) => {
      const [jobId, bytes] = [newId('job'), await asOutput(scene(seed))];
      const key = `jobs/${jobId}/1/${watermark}.jpeg`;
      const size = { mediaType: 'image/jpeg', width: 128, height: 128 } as const;
      const output = reportOf(jobId, bytes, { key, watermark, ...size });
      await world.store.put(key, bytes, { mediaType: 'image/jpeg' });
      const checking = { jobId, accountId, outputs: [output], level: 0, besidePicture };
      expect((await ask(checkOutputs, checking)).results[0]!.receipt.verdict).toBe('pass');
      await ask(checkOutputs, checking);
    };
    await passed(1, '00000000000000aa', false);
    await passed(2, '00000000000000bb', true);
    const find = async (watermarks: string[], picture: Buffer) => {
      const likenesses = [hexOf((await pdqOfPicture(picture))[0]!.hashes[0]!)];
      return ask(findOutput, { digest: 'c'.repeat(64), watermarks, likenesses });
    };
    const [madeAt, distance] = [expect.any(String), expect.any(Number)];
    const copy = (seed: number) => scene(seed).resize(90, 90).jpeg({ quality: 50 }).toBuffer();
    expect(await find(['00000000000000cc', '00000000000000bb'], await copy(1))).toEqual({
      decidedAt: null,
      watermark: { id: '00000000000000bb', madeAt },
      likeness: { distance, madeAt, fromPicture: false },
    });
    expect(await find([], await copy(2))).toMatchObject({ likeness: { fromPicture: true } });
    expect(await find(['00000000000000cc'], await copy(3))).toEqual(nothing);
  });
});
