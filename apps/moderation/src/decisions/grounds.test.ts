import { describe, expect, it } from '@jest/globals';
import { newId, statementOfReasons, type Receipt } from '@safelight/contracts';
import { draftOf, type Grounds, type JudgingPolicy, storedGrounds } from './grounds.js';
import { type Action, allowed, type Judgement } from './judgement.js';
import { createReceiptKey, ReceiptSigner } from './receipt-signer.js';
import { noSignals } from './signals.js';

const score = (value: number) => ({ score: value, provider: 'local', model: 'test/1' });
const grounds: Grounds = {
  ...{ decisionId: newId('dec'), jobId: newId('job'), accountId: newId('acc'), stage: 'output' },
  ...{ subjectDigest: 'ab'.repeat(32), decidedAt: '2026-08-31T12:00:00.000Z' },
  ...{ classifiers: ['words/3'], hashBanks: ['no external bank loaded'] },
  ...{ base: 'cd'.repeat(32), document: null },
  signals: {
    ...noSignals,
    scores: { 'x.a': score(0.29), 'x.b': score(0.3), 'x.c': score(0.69), 'x.d': score(0.7) },
  },
};
const judging = (judged: Judgement): JudgingPolicy => ({
  ...{ version: 'v1', digest: 'ef'.repeat(32), base: grounds.base, document: null },
  judge: () => judged,
});
const judged = (ruleId: string, action: Action = 'refuse', confidence = 90): Judgement => ({
  ...{ action, ruleId, category: 'a-category', confidence },
});
const draft = (one: Judgement) => draftOf(grounds, judging(one));
const signer = ReceiptSigner.of(createReceiptKey());
const receipt = (one: Judgement): Receipt => signer.receiptOf({ ...draft(one), previous: null });

describe('what customers see of scores', () => {
  it('is bands, whatever the score', () => {
    const bands = { 'x.a': 'low', 'x.b': 'medium', 'x.c': 'medium', 'x.d': 'high' };
    expect(draft(judged('D1')).scores).toEqual(bands);
    expect(draft(allowed).scores).toEqual(bands);
    const confidences = [1, 29, 30, 69, 70, 90, 99].map(
      (confidence) => draft(judged('D1', 'refuse', confidence)).confidence,
    );
    expect(confidences).toEqual([1, 1, 50, 50, 99, 99, 99]);
    expect(JSON.stringify(draft(judged('D1')))).not.toContain('0.69');
  });

  it.each(['F1', 'F2', 'F4', 'F6'])('is none of them where %s refused', (rule) => {
    expect(draft(judged(rule, 'hold', 40))).toMatchObject({ scores: {}, confidence: 99 });
  });

  it('is all there for staff', () => {
    expect(storedGrounds(grounds)).toContain(
      '"x.c":{"model":"test/1","provider":"local","score":0.69}',
    );
  });
});

describe('an action', () => {
  it.each<[Action, 'pass' | 'block', string | null]>([
    ['flag', 'pass', null],
    ['hold', 'block', '2027-03-03T12:00:00.000Z'],
    ['refuse', 'block', '2027-03-03T12:00:00.000Z'],
  ])('%s makes a receipt that says %s', (action, verdict, appealUntil) => {
    expect(draft(judged('P1', action))).toMatchObject({ action, verdict, appealUntil });
  });

  it.each(['F1', 'F5', 'T1'])('by %s is not appealed', (rule) => {
    expect(draft(judged(rule)).appealUntil).toBeNull();
  });
});

describe('a statement of reasons', () => {
  it('tells decision, facts, automation, ground and redress', () => {
    const told = statementOfReasons(receipt(judged('D1')))!.split('\n');
    expect(told.map((line) => line.split(':')[0])).toEqual([
      `Statement of reasons for decision ${grounds.decisionId} of 2026-08-31T12`,
      ...['Decision', 'Facts', 'Automation', 'Ground', 'Redress'],
    ]);
    expect(told.at(3)).toContain('by automated means: words/3');
    expect(told.at(4)).toContain('rule D1 of our content policy, version v1');
    const route = `POST /api/v1/decisions/${grounds.decisionId}/appeal until 2027-03-03T12:00:00.000Z`;
    expect(told.at(5)).toContain(route);
  });

  it('is coarse about the floor, names no score, and no appeal where there is none', () => {
    const told = statementOfReasons(receipt(judged('F1')))!;
    expect(told).toContain('content that sexualises minors is never made here');
    expect(told).toContain('this rule has no appeal with us');
    expect(told).not.toMatch(/x\.[a-d]|0\.[367]|POST|unless/);
  });

  it('is none for what passed', () => {
    expect(statementOfReasons(receipt(allowed))).toBeNull();
    expect(statementOfReasons(receipt(judged('P1', 'flag')))).toBeNull();
    expect(statementOfReasons(receipt(judged('P1', 'hold')))).toContain('held back');
  });
});
