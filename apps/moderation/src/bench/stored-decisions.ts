import { newId } from '@safelight/contracts';
import { createPool } from '@safelight/postgres';
import { DecisionLog } from '../decisions/decision-log.js';
import { draftOf, type JudgingPolicy } from '../decisions/grounds.js';
import { createReceiptKey, ReceiptSigner } from '../decisions/receipt-signer.js';
import { noSignals, type Signals } from '../decisions/signals.js';
import { activate } from '../policy/active-policy.js';
import { policyV1 } from '../policy/policy.v1.js';
import { readPolicyFile } from '../policy/published/policy-file.js';
import { seeded } from '../probe/seeded.js';

const inFlight = 512;
const prompts = [
  ...['a castle above the clouds', 'two friends on a beach in summer', 'a swimsuit in a shop'],
  ...['a seductive pose', 'a nude figure', 'a naked child', 'u n d r e s s her', 'a white blouse'],
  ...[
    'the president waving',
    'a mother and her baby',
    'a sheer curtain in the wind',
    'a nazi flag',
  ],
  ...['a child with a kite', 'children at a birthday party'],
];

/**
 * Fills a database with decisions, as the service writes them: of words, and of outputs with scores.
 *
 * @param url of moderation's runtime role, migrated
 * @param seed of what is decided; ids and signatures differ from run to run
 */
export async function storeDecisions(
  url: string,
  { count, accounts, seed }: { count: number; accounts: number; seed: number },
): Promise<void> {
  const pool = createPool({ url, applicationName: 'fill' });
  const policy = activate(policyV1, { namedPeople: [], knownImages: new Set() });
  const log = new DecisionLog(pool, ReceiptSigner.of(createReceiptKey()));
  const random = seeded(`stored decisions ${seed}`);
  const texts = prompts.flatMap((prompt) => [
    [policy.screen.measure({ prompt, negativePrompt: '' })],
    policy.pictureScreen.measure({ prompt, negativePrompt: '' }),
  ]);
  const owners = Array.from({ length: accounts }, () => newId('acc'));
  const signalsOf = (at: number): Signals =>
    at % 2 === 0
      ? { ...noSignals, texts: texts[Math.floor(random() * texts.length)] ?? [] }
      : { ...noSignals, scores: scoresBy(random) };
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < count; at = next++) {
      const accountId = owners[Math.floor(random() * accounts)] ?? '';
      await log.record(
        decided(policy, accountId, at % 2 === 0 ? 'prompt' : 'output', signalsOf(at)),
      );
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  await pool.end();
}

const scoresBy = (random: () => number): Signals['scores'] => ({
  'output.suggestive': { score: random(), provider: 'local', model: 'seeded/1' },
  'output.person': { score: random(), provider: 'local', model: 'seeded/1' },
});

function decided(
  policy: JudgingPolicy,
  accountId: string,
  stage: 'prompt' | 'output',
  signals: Signals,
) {
  const grounds = {
    ...{ decisionId: newId('dec'), jobId: newId('job'), accountId, stage, signals },
    ...{ subjectDigest: 'ab'.repeat(32), decidedAt: new Date().toISOString() },
    ...{ classifiers: ['seeded/1'], hashBanks: ['no external bank loaded'] },
    ...{ base: policy.base, document: null },
  };
  return { draft: draftOf(grounds, policy), grounds, shadow: null };
}

/** A policy under which some of them would be others. */
export const candidate = readPolicyFile(
  JSON.stringify({
    ...{ format: 'safelight-policy-1', name: 'bench' },
    scores: { 'output.suggestive': { category: 'attire', flag: 0.5, hold: 0.8, refuse: 0.9 } },
    rules: [
      { id: 'P1', category: 'minors', when: { concepts: [['minor']] }, action: 'refuse' },
      { id: 'P2', category: 'attire', when: { concepts: [['garment']] }, action: 'flag' },
    ],
  }),
);
