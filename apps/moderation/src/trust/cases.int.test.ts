import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  appealDecision,
  eraseAccountCases,
  eraseCase,
  fileReport,
  getConsent,
  getDecision,
  listConsents,
  newId,
  readCase,
  recordConsent,
  screenPrompt,
} from '@safelight/contracts';
import { eventually } from '@safelight/testing';
import { approveEvidence, askForEvidence, readEvidence } from './quarantine/operators.js';
import { ModerationWorld } from '../test/moderation-world.js';

let world: ModerationWorld;
beforeAll(async () => {
  world = await ModerationWorld.start();
  await world.runService();
}, 90_000);
afterAll(() => world.stop());

const keyId = newId('key');
const ask: typeof world.client.request = (operation, payload) =>
  world.client.request(operation, payload);
const read = (caseId: string) => ask(readCase, { caseId, reader: 'a test' });

const consent = (accountId: string, subject = 'Ada of the shop') => {
  const rest = { purpose: 'the spring catalogue', evidenceDigest: 'a'.repeat(64), expiresAt: null };
  return ask(recordConsent, { accountId, keyId, subject, ...rest });
};
async function appeal(accountId: string) {
  const asked = { jobId: newId('job'), accountId, prompt: 'a nude figure', negativePrompt: '' };
  const { decisionId } = (await ask(screenPrompt, asked)).receipt;
  const statement = 'My sister sat for it.';
  return ask(appealDecision, { decisionId, accountId, keyId, statement });
}
const report = () => {
  const about = { jobId: newId('job'), outputId: null, imageDigest: null, reason: 'likeness' };
  const words = { details: 'I know her.', contact: 'neighbour@example.com' };
  return ask(fileReport, { ...about, ...words });
};
async function cases(accountId = newId('acc')) {
  const { consentId } = await consent(accountId);
  const { appealId, decisionId } = await appeal(accountId);
  const { reportId } = await report();
  return { accountId, consentId, appealId, decisionId, reportId };
}
const keyOf = async (caseId: string) => {
  const text = 'select * from moderation.case_keys where case_id = $1';
  return (await world.ownerPool.query<{ erase_at: Date | null }>(text, [caseId])).rows;
};

describe('what a person wrote in a case', () => {
  it('is read by an operator, and lies nowhere in the clear', async () => {
    const made = await cases();
    expect((await read(made.consentId)).words).toEqual({
      subject: 'Ada of the shop',
      purpose: 'the spring catalogue',
    });
    expect((await read(made.appealId)).words).toEqual({ statement: 'My sister sat for it.' });
    expect((await read(made.reportId)).words).toEqual({
      details: 'I know her.',
      contact: 'neighbour@example.com',
    });
    for (const table of ['appeals', 'consents', 'reports', 'case_words', 'case_keys']) {
      const text = `select t::text as row from moderation.${table} t`;
      const { rows } = await world.ownerPool.query<{ row: string }>(text);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.map(({ row }) => row).join()).not.toMatch(/Ada|spring|sister|know her|neighbour/);
    }
    await expect(read(newId('rpt'))).rejects.toMatchObject({ code: 'case.not_found' });
  });

  it('does not open as another case’s, nor under that case’s key', async () => {
    const [one, other] = [await consent(newId('acc')), await consent(newId('acc'))];
    const swap = (table: string, columns: string) =>
      world.ownerPool.query(
        `update moderation.${table} t set (${columns}) = (select ${columns} from moderation.${table}
           where case_id = $2) where case_id = $1`,
        [one.consentId, other.consentId],
      );
    await swap('case_words', 'ciphertext, nonce');
    await expect(read(one.consentId)).rejects.toThrow();
    await swap('case_keys', 'wrapped_key, nonce');
    await expect(read(one.consentId)).rejects.toThrow();
  });

  it('is erased for good, once, and the case stays', async () => {
    const made = await cases();
    const { erasedAt } = await ask(eraseCase, { caseId: made.consentId });
    expect(await ask(eraseCase, { caseId: made.consentId })).toEqual({ erasedAt });
    expect(await read(made.consentId)).toEqual({ words: null, erasedAt });
    expect(await keyOf(made.consentId)).toEqual([]);
    const { accountId, consentId } = made;
    const left = await ask(getConsent, { accountId, consentId });
    expect(left).toMatchObject({ subject: null, purpose: null, live: false, revokedAt: null });
    expect((await ask(listConsents, { accountId, limit: 5, before: null })).consents).toEqual([
      left,
    ]);
    // The others were not touched.
    expect((await read(made.appealId)).words).not.toBeNull();
    const never = ask(eraseCase, { caseId: newId('cns') });
    await expect(never).rejects.toMatchObject({ code: 'case.not_found' });
  });

  it('goes with its account, and no other account’s with it', async () => {
    const [mine, theirs] = [await cases(), await cases()];
    const { accountId, decisionId } = mine;
    expect(await ask(eraseAccountCases, { accountId })).toEqual({ erased: 2 });
    expect(await ask(eraseAccountCases, { accountId })).toEqual({ erased: 0 });
    for (const caseId of [mine.consentId, mine.appealId]) {
      expect((await read(caseId)).words).toBeNull();
    }
    expect((await ask(getDecision, { decisionId, accountId })).appeal).toMatchObject({
      appealId: mine.appealId,
      state: 'open',
    });
    for (const caseId of [theirs.consentId, theirs.appealId, mine.reportId]) {
      expect((await read(caseId)).words).not.toBeNull();
    }
  });

  it('of a reporter is erased when its time is over, and not before', async () => {
    const [old, young] = [(await report()).reportId, (await report()).reportId];
    const [key] = await keyOf(young);
    const days = (key!.erase_at!.getTime() - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(90, 1);
    const { consentId } = await consent(newId('acc'));
    expect((await keyOf(consentId))[0]!.erase_at).toBeNull();
    const age = `update moderation.case_keys set erase_at = now() - interval '1 s' where case_id = $1`;
    await world.ownerPool.query(age, [old]);
    await world.runService({ ...world.env, CASE_SWEEP_EVERY_MS: '10' });
    await eventually(async () => (await read(old)).words === null);
    expect(await keyOf(old)).toEqual([]);
    const text = 'select reason, state from moderation.reports where report_id = $1';
    expect((await world.ownerPool.query(text, [old])).rows).toEqual([
      { reason: 'likeness', state: 'open' },
    ]);
    expect((await read(young)).words).not.toBeNull();
  });
});

describe('evidence', () => {
  it('of a grave refusal is sealed, read by two people alone, and shredded in the end', async () => {
    const { env, ownerPool } = world;
    const prompt = { prompt: 'a nude child', negativePrompt: '' };
    const asked = { jobId: newId('job'), accountId: newId('acc'), ...prompt };
    const { decisionId } = (await ask(screenPrompt, asked)).receipt;
    await world.runService({ ...world.env, CASE_SWEEP_EVERY_MS: '10' });
    const door = {
      ...{ databaseUrl: env['DATABASE_URL']!, keyFile: env['CASE_KEY_FILE']! },
      objects: env['OBJECT_STORE_DIR']!,
    };
    const read = () => readEvidence(door, decisionId, 'ann');
    await askForEvidence(door, decisionId, 'ann', 'the report to the authority');
    await expect(read()).rejects.toMatchObject({ code: 'evidence.not_approved' });
    const alone = approveEvidence(door, decisionId, 'ann');
    await expect(alone).rejects.toMatchObject({ code: 'evidence.same_person' });
    await approveEvidence(door, decisionId, 'bob');
    const [words] = await read();
    expect(JSON.parse(words!.bytes.toString())).toMatchObject({ prompt: 'a nude child' });
    await expect(read()).rejects.toMatchObject({ code: 'evidence.not_approved' });
    const sealed = async () => {
      const keys: string[] = [];
      for await (const page of world.store.list(`quarantine/${decisionId}`)) keys.push(...page);
      return keys;
    };
    const [key] = await sealed();
    expect((await world.store.get(key!)).bytes.includes('child')).toBe(false);
    const held = `select hold_until - opened_at >= interval '365 days' as held
      from moderation.quarantine_cases where case_id = $1`;
    expect((await ownerPool.query(held, [decisionId])).rows).toEqual([{ held: true }]);
    const over = `update moderation.quarantine_cases set hold_until = now() where case_id = $1`;
    await ownerPool.query(over, [decisionId]);
    await eventually(async () => (await sealed()).length === 0);
    const told = () => askForEvidence(door, decisionId, 'ann', 'again');
    await eventually(() =>
      told().then(
        () => false,
        () => true,
      ),
    );
    await expect(told()).rejects.toMatchObject({ code: 'evidence.shredded' });
  });
});
