import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Receipt } from '@safelight/contracts';
import {
  getReceiptKeys,
  newId,
  previewPrompt,
  screenPrompt,
  statementOfReasons,
} from '@safelight/contracts';
import { SealedObjects } from '@safelight/object-store';
import { verifyReceipts, type SignedReceipt } from '@safelight/sdk';
import type { RunningService } from '@safelight/telemetry';
import { eventually, OpenaiGuardServer } from '@safelight/testing';
import { candidate, storeDecisions } from '../bench/stored-decisions.js';
import { activate } from '../policy/active-policy.js';
import { policyV1 } from '../policy/policy.v1.js';
import { draftPolicy, movePolicy } from '../policy/published/operators.js';
import { digestOfPolicy, readPolicyFile } from '../policy/published/policy-file.js';
import { isInShare, policyWith } from '../policy/published/published-policies.js';
import { replay } from '../replay/replay.js';
import { shadowedBy } from '../replay/shadowed.js';
import { knownImageDigest, ModerationWorld } from '../test/moderation-world.js';
import { fictionalPerson } from '../test/refused-requests.js';
import { testImage } from '../test/test-images.js';
import { rebuiltReceipt, type StoredDecision } from './rebuild.js';
import { ReceiptSigner } from './receipt-signer.js';

let world: ModerationWorld;
let services: RunningService[];
beforeAll(async () => {
  world = await ModerationWorld.start();
  // Two instances share the questions, as in a deployment.
  services = await Promise.all([world.runService(), world.runService()]);
}, 90_000);
afterAll(() => world.stop());

const accountId = newId('acc');
const ask = async (prompt: string, jobId = newId('job'), account = accountId) => {
  const request = { jobId, accountId: account, prompt, negativePrompt: '' };
  return (await world.client.request(screenPrompt, request)).receipt;
};

/** What the service has compiled in, with the lists of this world. */
const compiledIn = () => {
  const lists = { namedPeople: [fictionalPerson], knownImages: new Set([knownImageDigest]) };
  return activate(policyV1, lists);
};

describe('the receipts of an account', () => {
  it('each name an earlier one, whichever of two instances wrote them, and one names none', async () => {
    const account = newId('acc');
    const jobs = Array.from({ length: 40 }, () => newId('job'));
    const wordsOf = (at: number) => (at % 5 ? `hill ${at}` : `nude ${at}`);
    const early = await Promise.all(jobs.map((job, at) => ask(wordsOf(at), job, account)));
    // Asked again among new ones, which then name none that was not written.
    const again = jobs.flatMap((job, at) => [
      ask(wordsOf(at), job, account),
      ask(wordsOf(at), newId('job'), account),
    ]);
    const answers = await Promise.all(again);
    expect(answers.filter((_, at) => at % 2 === 0)).toEqual(early);
    const rows = await world.decisions('account_id = $1', account);
    const receipts = new Map<string, SignedReceipt>(
      rows.map(({ decision_id, receipt }) => [
        String(decision_id),
        JSON.parse(String(receipt)) as SignedReceipt,
      ]),
    );
    expect(receipts.size).toBe(2 * jobs.length);
    const { keys } = await world.client.request(getReceiptKeys, {});
    const published = keys.map(({ keyId, publicKey }) => ({
      ...{ key_id: keyId, algorithm: 'Ed25519', public_key: publicKey },
    }));
    const firsts = new Set<string>();
    for (const receipt of receipts.values()) {
      const line = [receipt];
      for (let at = receipt.previous; at !== null; at = line.at(-1)!.previous) {
        line.push(receipts.get(at.decisionId)!);
      }
      expect(verifyReceipts(line, published)).toBe(true);
      firsts.add(line.at(-1)!.decisionId);
    }
    // Two where both instances wrote their first at the same moment.
    expect(firsts.size).toBeLessThanOrEqual(2);
  });

  it('are made again from what is stored, to the byte', async () => {
    const prompts = [
      'a lake',
      'n u d e',
      'a naked child',
      `${fictionalPerson} naked`,
      'a nazi flag',
    ];
    await Promise.all(prompts.map((prompt) => ask(prompt)));
    const jobId = newId('job');
    const key = `jobs/${jobId}/inputs/${newId('upl')}`;
    const objects = new SealedObjects(world.store);
    const sealed = { key, ...(await objects.put(key, await testImage())) };
    const pictures = [{ digests: ['2'.repeat(64)], mediaType: 'image/png' as const, sealed }];
    const words = { prompt: 'a lake', negativePrompt: 'her dress' };
    await world.client.request(screenPrompt, { jobId, accountId, pictures, ...words });
    const rows = (await world.decisions('true')) as unknown as StoredDecision[];
    const policy = compiledIn();
    const signer = await ReceiptSigner.fromFile(world.env['RECEIPT_KEY_FILE']!);
    const texts = new Map(rows.map((row) => [row.decision_id, row.receipt]));
    const rebuilt = rows.map((row) =>
      rebuiltReceipt(row, texts.get(row.previous_id ?? '') ?? null, policy, signer),
    );
    expect(rebuilt).toEqual(rows.map(({ receipt }) => receipt));
    expect(new Set(rows.map(({ rule_id }) => rule_id))).toEqual(
      new Set([null, 'D1', 'D2', 'F1', 'F2', 'F4']),
    );
  });
});

interface Health {
  readonly policy: Readonly<Record<string, unknown>>;
}

describe('a published policy', () => {
  const named = JSON.stringify({
    ...{ format: 'safelight-policy-1', name: 'no-castles' },
    rules: [{ id: 'P1', category: 'attire', when: { concepts: [['garment']] }, action: 'hold' }],
  });
  const move = (command: Pick<Parameters<typeof movePolicy>[1], 'type'>, by = 'ann') => {
    const more = { name: 'no-castles', by, percent: 50, reason: 'a test' };
    return movePolicy(world.env['DATABASE_URL']!, { ...more, ...command });
  };
  /** Both instances have heard of it when both were asked often enough and said so. */
  const heard = async (stage: string) =>
    eventually(async () => {
      const all: Health[] = await Promise.all(
        services.map(
          async ({ opsUrl }) => (await (await fetch(`${opsUrl}/health`)).json()) as Health,
        ),
      );
      return all.every(({ policy }) => policy[stage] !== null);
    });
  const wearing = (account?: string) =>
    ask('a linen shirt in a shop window', newId('job'), account);
  const rowOf = async ({ decisionId }: Receipt) =>
    (await world.decisions('decision_id = $1', decisionId))[0]!;

  it('is tried beside decisions, binds some accounts, then all, and its receipts are made again', async () => {
    const policy = await draftPolicy(world.env['DATABASE_URL']!, named, 'ann');
    await move({ type: 'ShadowPolicy' });
    await heard('shadow');
    const shadowed = await wearing();
    expect(shadowed).toMatchObject({ verdict: 'pass', action: 'allow' });
    const beside = { policy, action: 'hold', ruleId: 'P1', category: 'attire' };
    expect((await rowOf(shadowed))['shadow']).toEqual(beside);
    expect((await shadowedBy(world.env['DATABASE_URL']!, policy))[0]).toMatchObject({ count: 1 });
    for (const by of ['bob', 'eve']) await move({ type: 'ApprovePolicy' }, by);
    await move({ type: 'CanaryPolicy' });
    await heard('canary');
    const accounts = Array.from({ length: 24 }, () => newId('acc'));
    const verdicts = async () =>
      (await Promise.all(accounts.map((one) => wearing(one)))).map(({ verdict }) => verdict);
    const first = await verdicts();
    const share = accounts.map((one) => isInShare(one, { document: policy, percent: 50 }));
    expect(first).toEqual(share.map((held) => (held ? 'block' : 'pass')));
    expect(await verdicts()).toEqual(first);
    await move({ type: 'ActivatePolicy' });
    await heard('active');
    const held = await wearing();
    expect(held).toMatchObject({ verdict: 'block', action: 'hold', ruleId: 'P1', confidence: 50 });
    expect(held.policyVersion).toMatch(/\+no-castles$/);
    expect(statementOfReasons(held)).toContain('held back, everywhere, until a person decides');
    expect(await ask('undress her')).toMatchObject({ ruleId: 'F2', action: 'refuse' });
    const words = { prompt: 'a linen shirt', negativePrompt: '' };
    expect(await world.client.request(previewPrompt, words)).toEqual({ verdict: 'block' });
    const row = (await rowOf(held)) as unknown as StoredDecision;
    const before = (await world.decisions('decision_id = $1', row.previous_id!))[0]!;
    const document = readPolicyFile(named);
    const binding = policyWith(compiledIn(), document, digestOfPolicy(document));
    const signer = await ReceiptSigner.fromFile(world.env['RECEIPT_KEY_FILE']!);
    const again = rebuiltReceipt(row, String(before['receipt']), binding, signer);
    expect(again).toBe(row.receipt);
    await move({ type: 'RetirePolicy' });
    await eventually(async () => (await wearing()).verdict === 'pass');
  });
});

describe('stored decisions', () => {
  it('are made again page by page: as they were, and as a candidate would have them', async () => {
    const url = world.env['DATABASE_URL']!;
    const since = new Date();
    await storeDecisions(url, { count: 2_000, accounts: 30, seed: 7 });
    const same = await replay({ url, candidate: undefined, since });
    expect([same.count.decisions, same.count.flips, same.without]).toEqual([2_000, 0, 0]);
    const seen: [number, number][] = [];
    let listed = 0;
    const { count } = await replay({
      ...{ url, candidate, since, page: 800, progress: (...now) => void seen.push(now) },
      onFlips: (flips) => void (listed += flips.length),
    });
    expect(seen).toEqual([0, 800, 1_600, 2_000].map((done) => [done, 2_000]));
    const kinds = count.byCategory();
    expect(listed).toBe(count.flips);
    expect(kinds.reduce((sum, kind) => sum + kind.count, 0)).toBe(count.flips);
    expect(count.byAccount()).toHaveLength(30);
    // Of 1,000 scores spread evenly.
    for (const [to, share] of [
      ['flag', 0.3],
      ['hold', 0.1],
      ['refuse', 0.1],
    ] as const) {
      const found = kinds.find((one) => one.to === to && one.ruleId.startsWith('scores.'));
      expect(Math.abs((found?.count ?? 0) / 1_000 - share)).toBeLessThan(0.05);
    }
    expect(kinds.find(({ ruleId }) => ruleId === 'P1')).toMatchObject({
      from: 'allow',
      to: 'refuse',
    });
  });
});

describe('a deployment with a provider', () => {
  it('decides by what it finds as well, and decides nothing while it is silent', async () => {
    await Promise.all(services.splice(0).map((service) => service.close()));
    const guard = await OpenaiGuardServer.start();
    const file = join(world.folder, 'providers.json');
    const provider = { name: 'guard', kind: 'openai-chat', url: guard.url, model: 'guard-1' };
    await writeFile(file, JSON.stringify([{ ...provider, stages: ['prompt'] }]));
    const service = await world.runService({ ...world.env, PROVIDERS_FILE: file });
    const passed = await ask('a lighthouse');
    expect(passed).toMatchObject({
      ...{ verdict: 'pass', classifiers: ['safelight-words/3', 'guard/guard-1'] },
      scores: { 'prompt.sexual': 'low', 'prompt.sexual-minors': 'low' },
    });
    guard.finds = { S4: 1 };
    expect(await ask('a lighthouse')).toMatchObject({ verdict: 'block', ruleId: 'F1', scores: {} });
    guard.stage.upset('POST /v1/chat/completions', 'hang-up');
    const jobId = newId('job');
    await expect(ask('a lighthouse', jobId)).rejects.toThrow();
    expect(await world.decisions('job_id = $1', jobId)).toEqual([]);
    await service.close();
    await guard.close();
  });
});
