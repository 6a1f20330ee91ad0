import { createPublicKey, hash, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  canonicalJson,
  checkOutputs,
  fileReport,
  getReceiptKeys,
  getReport,
  newId,
  endAccountJobs,
  newUuid,
  screenPrompt,
  setAccountStanding,
  withholdOutput,
} from '@safelight/contracts';
import { SafelightServer } from '@safelight/messaging';
import { SealedObjects } from '@safelight/object-store';
import { hexOf, pdqOfPicture } from '@safelight/perceptual-hash';
import { eventually } from '@safelight/testing';
import sharp from 'sharp';
import { asJpeg, scene } from '../../test/light.js';
import { ModerationWorld } from '../../test/moderation-world.js';
import { reportOf } from '../../test/test-images.js';
import { eraseStrike } from '../../standing/operators.js';
import { dismissReport, upholdReport } from '../operators.js';

const told: string[] = [];
let world: ModerationWorld;
let jobs: SafelightServer;
let gateway: SafelightServer;
beforeAll(async () => {
  world = await ModerationWorld.start();
  const { bus, telemetry } = world;
  jobs = new SafelightServer({ bus, telemetry, service: 'jobs', streams: [] });
  jobs.answer(withholdOutput, async ({ outputId, caseId, withheld }) => {
    told.push(`${withheld ? 'withheld' : 'restored'} ${outputId} ${caseId}`);
    return {};
  });
  jobs.answer(endAccountJobs, async ({ accountId }, { context }) => {
    told.push(`ended ${accountId} ${context.correlationId}`);
    return { cancelled: 0, left: false };
  });
  await new Promise<void>((resolve) => void jobs.listen(() => resolve()));
  gateway = new SafelightServer({ bus, telemetry, service: 'gateway', streams: [] });
  gateway.answer(setAccountStanding, async ({ accountId, suspended, suspensionId, version }) => {
    // Whoever is away when it happens hears of it later.
    if (!told.includes(`tried ${accountId}`)) {
      told.push(`tried ${accountId}`);
      throw new Error('the gateway is away');
    }
    told.push(`${suspended ? 'suspended' : 'active'} ${accountId} ${suspensionId} ${version}`);
    return { known: true };
  });
  await new Promise<void>((resolve) => void gateway.listen(() => resolve()));
  await world.runService({
    ...world.env,
    TAKEDOWN_SWEEP_EVERY_MS: '50',
    STANDING_SWEEP_EVERY_MS: '50',
  });
}, 90_000);
afterAll(async () => {
  await jobs.close();
  await gateway.close();
  await world.stop();
});

const ask: typeof world.client.request = (operation, payload) =>
  world.client.request(operation, payload);
interface Made {
  readonly jobId: string;
  readonly bytes: Buffer;
  readonly output: ReturnType<typeof reportOf>;
}
/** A job of somebody's whose output is this. */
async function made(bytes: Buffer, jobId = newId('job')): Promise<Made> {
  const size = { width: 128, height: 128, mediaType: 'image/jpeg' as const };
  const plain = reportOf(jobId, bytes, size);
  const output = { ...plain, key: plain.key.replace(/\.\w+$/, '.jpg') };
  await world.store.put(output.key, bytes, { mediaType: 'image/jpeg' });
  return { jobId, bytes, output };
}
async function checked({ jobId, output }: Made) {
  const request = { jobId, accountId: newId('acc'), outputs: [output], level: 0 };
  return (await ask(checkOutputs, request)).results[0]!.receipt;
}
/** A job that brings the picture of another. */
async function broughtInto(bytes: Buffer): Promise<string> {
  const jobId = newId('job');
  const key = `jobs/${jobId}/inputs/${newUuid()}`;
  const sealed = { key, ...(await new SealedObjects(world.store).put(key, bytes)) };
  const digests = [hash('sha256', bytes), hash('sha256', `${jobId} drawn anew`)];
  const pictures = [{ digests, mediaType: 'image/jpeg' as const, sealed }];
  const words = { prompt: 'replace the sky with a sunset', negativePrompt: '' };
  const request = { jobId, accountId: newId('acc'), ...words, pictures };
  expect((await ask(screenPrompt, request)).receipt.verdict).toBe('pass');
  return jobId;
}
/** An original, a copy of another size of file, what was made from it, and a stranger. */
async function family() {
  const picture = await scene();
  const original = await made(await asJpeg(picture, 92));
  const copy = await made(await asJpeg(picture, 60));
  const edit = await made(await asJpeg(await scene(), 90), await broughtInto(original.bytes));
  const stranger = await made(await asJpeg(await scene(), 90));
  for (const one of [original, copy, edit, stranger]) {
    expect((await checked(one)).verdict).toBe('pass');
  }
  return { picture, original, copy, edit, stranger };
}

const notice = { name: 'Ada Example', onBehalfOf: null };
const words = { reason: 'sexual', details: '', contact: 'ada@example.com' };
async function report(bytes: Buffer, signed: typeof notice | null = notice) {
  const hashes = (await pdqOfPicture(bytes)).flatMap((one) => one.hashes.map(hexOf));
  const subject = { jobId: null, outputId: null, imageDigest: hash('sha256', bytes) };
  return ask(fileReport, { ...subject, imageHashes: hashes, ...words, notice: signed });
}
const there = ({ output }: Made) => world.store.exists(output.key);
const stateOf = async (filed: { reportId: string; handle: string }) =>
  ask(getReport, { reportId: filed.reportId, handle: filed.handle });
const grounds = (by: string) => ({ by, rule: 'S2', rationale: 'looked at' });
const url = () => world.env['DATABASE_URL']!;

async function expectSigned({ signature, ...signed }: { signature: string }) {
  const { publicKey } = (await ask(getReceiptKeys, {})).keys[0]!;
  const key = createPublicKey({
    key: Buffer.from(publicKey, 'base64'),
    format: 'der',
    type: 'spki',
  });
  const bytes = Buffer.from(canonicalJson(signed));
  expect(verify(null, bytes, key, Buffer.from(signature, 'base64url'))).toBe(true);
}

describe('a signed notice', () => {
  it('takes away the picture, what looks alike and what was made from it, and keeps it so', async () => {
    const { picture, original, copy, edit, stranger } = await family();
    const filed = await report(await sharp(picture).flop().jpeg({ quality: 80 }).toBuffer());
    await expectSigned(filed.acknowledgement);
    await eventually(async () => (await stateOf(filed)).state === 'disabled');
    const all = await Promise.all([original, copy, edit, stranger].map(there));
    expect(all).toEqual([false, false, false, true]);
    const owners = [original, copy, edit].map(({ output }) => output.outputId);
    expect(told).toEqual(
      expect.arrayContaining(owners.map((id) => `withheld ${id} ${filed.reportId}`)),
    );
    const { certificate } = await stateOf(filed);
    expect(certificate).toMatchObject({ copies: 3, state: 'disabled' });
    await expectSigned(certificate!);
    const stolen = ask(getReport, { reportId: filed.reportId, handle: `${filed.handle}x` });
    await expect(stolen).rejects.toMatchObject({ code: 'report.not_found' });
    // Nothing of it lies in the clear.
    const left = [];
    for await (const keys of world.store.list(`quarantine/${filed.reportId}`)) left.push(...keys);
    expect(left).toHaveLength(3);
    for (const key of left) {
      expect((await world.store.get(key)).bytes.includes('JFIF')).toBe(false);
    }
    await upholdReport(url(), filed.reportId, grounds('ann'));
    await eventually(async () => (await stateOf(filed)).state === 'taken_down');
    const again = async () => {
      const later = await made(await asJpeg(picture, 75));
      return (await checked(later)).ruleId === 'F5';
    };
    await eventually(again);
  });

  it('that was wrong gives everything back to the byte, once two people say so', async () => {
    const { original, copy, edit } = await family();
    const filed = await report(original.bytes);
    const other = await report(copy.bytes);
    const states = async () => [(await stateOf(filed)).state, (await stateOf(other)).state];
    await eventually(async () => (await states()).every((state) => state === 'disabled'));
    await dismissReport(url(), filed.reportId, grounds('ann'));
    const alone = await dismissReport(url(), filed.reportId, grounds('ann'));
    expect(alone).toMatchObject({ outcome: 'open', proposedBy: 'ann' });
    expect((await stateOf(filed)).state).toBe('disabled');
    await dismissReport(url(), filed.reportId, grounds('bob'));
    const restored = () =>
      told.filter((one) => one === `restored ${edit.output.outputId} ${filed.reportId}`);
    await eventually(async () => restored().length > 0);
    // Another report is about the same pictures: they stay away.
    expect(await there(original)).toBe(false);
    for (const by of ['ann', 'bob']) await dismissReport(url(), other.reportId, grounds(by));
    const back = async () => (await Promise.all([original, copy, edit].map(there))).every(Boolean);
    await eventually(back);
    for (const { output, bytes } of [original, copy, edit]) {
      expect((await world.store.get(output.key)).bytes.equals(bytes)).toBe(true);
    }
  });
});

describe('a report that nobody signed', () => {
  it('disables nothing until somebody upholds it', async () => {
    const { original, stranger } = await family();
    const filed = await report(original.bytes, null);
    const asleep = async () => {
      const text = 'select look_at > now() as asleep from moderation.reports where report_id = $1';
      const { rows } = await world.ownerPool.query<{ asleep: boolean }>(text, [filed.reportId]);
      return rows[0]!.asleep;
    };
    await eventually(asleep);
    expect([await there(original), (await stateOf(filed)).state]).toEqual([true, 'open']);
    await upholdReport(url(), filed.reportId, grounds('ann'));
    await eventually(async () => !(await there(original)));
    expect(await there(stranger)).toBe(true);
  });
});

describe('a suspension', () => {
  const screened = async (accountId: string, prompt: string) => {
    const request = { jobId: newId('job'), accountId, prompt, negativePrompt: '' };
    return (await ask(screenPrompt, request)).receipt;
  };
  const heardOf = (start: string) => told.filter((one) => one.startsWith(start));

  it('follows one refusal by F1, and is told everywhere with its cause until all have heard', async () => {
    const accountId = newId('acc');
    const { decisionId, ruleId } = await screened(accountId, 'a nude child');
    expect(ruleId).toBe('F1');
    const cause = `suspension-${decisionId}`;
    await eventually(() => heardOf(`suspended ${accountId} ${cause} `).length > 0);
    await eventually(() => heardOf(`ended ${accountId} ${cause}`).length > 0);
    const { rows } = await world.ownerPool.query<{ type: string; metadata: object }>(
      `select type, metadata from moderation.events where stream_id = $1 order by version`,
      [`standing-${accountId}`],
    );
    expect(rows.slice(0, 4).map(({ type }) => type)).toEqual([
      ...['StrikeRecorded', 'AccountSuspended', 'EffectDone', 'EffectDone'],
    ]);
    expect(rows[1]!.metadata).toMatchObject({ causationId: decisionId });
    expect(rows[2]!.metadata).toMatchObject({ correlationId: cause, causationId: cause });
    await eraseStrike(url(), { accountId, decisionId, by: 'ann', reason: 'a medical text' });
    await eventually(() => heardOf(`active ${accountId} ${cause} `).length > 0);
  });

  it('follows no other refusal at once, and none that was no fault of the account’s', async () => {
    const accountId = newId('acc');
    await screened(accountId, 'a nude figure');
    const struck = async () => {
      const text = `select type from moderation.events where stream_id = $1`;
      const found = await world.ownerPool.query(text, [`standing-${accountId}`]);
      return found.rows.length > 0;
    };
    await eventually(struck);
    const text = 'select * from moderation.standings where account_id = $1';
    expect((await world.ownerPool.query(text, [accountId])).rows).toEqual([]);
  });
});
