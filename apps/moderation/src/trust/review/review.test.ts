import { describe, expect, it } from '@jest/globals';
import { specificationOf } from '@safelight/testing';
import { owedMicros } from './overturns.js';
import { review, type ReviewEvent } from './review.js';

const given = specificationOf(review);
const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 0, minute)).toISOString();
const grounds = (by: string) => ({ by, rule: 'F2', rationale: 'a statue' });
const claim = (by: string, minute = 0) => ({ type: 'Claim', at: at(minute), by }) as const;
const claimed = (by: string): ReviewEvent => ({
  ...{ type: 'CaseClaimed', at: at(0), by, until: at(30) },
});
const overturn = (by: string, minute = 1) =>
  ({ type: 'OverturnRefusal', at: at(minute), grounds: grounds(by) }) as const;
const proposed: ReviewEvent = { type: 'OverturnProposed', at: at(1), ...grounds('ann') };
const overturned = (by: string): ReviewEvent => ({
  ...{ type: 'RefusalOverturned', at: at(1), proposedBy: 'ann', ...grounds(by) },
});
const uphold = (by: string) =>
  ({ type: 'UpholdRefusal', at: at(1), grounds: grounds(by) }) as const;
const upheld: ReviewEvent = { type: 'RefusalUpheld', at: at(1), ...grounds('ann') };

describe('a case', () => {
  it('belongs to whoever claimed it for half an hour', () => {
    given().when(claim('ann')).then(claimed('ann'));
    given(claimed('ann')).when(claim('bob', 29)).thenRefused('case.claimed');
    const bobs: ReviewEvent = { type: 'CaseClaimed', at: at(30), by: 'bob', until: at(60) };
    given(claimed('ann')).when(claim('bob', 30)).then(bobs);
    given(claimed('ann')).when(uphold('bob')).thenRefused('case.claimed');
    given(claimed('ann')).when(overturn('bob')).thenRefused('case.claimed');
    given(claimed('ann')).when(uphold('ann')).then(upheld);
  });

  it('is overturned by two different people, and not by one', () => {
    given(claimed('ann')).when(overturn('ann')).then(proposed);
    given(claimed('ann'), proposed).when(overturn('ann')).thenRefused('case.same_person');
    given(claimed('ann'), proposed).when(overturn('bob')).then(overturned('bob'));
    given(proposed, overturned('bob')).when(overturn('cid')).thenNothing();
  });

  it('that is decided stays so', () => {
    given(upheld).when(uphold('bob')).thenNothing();
    given(upheld).when(overturn('bob')).thenRefused('case.decided');
    given(upheld).when(claim('bob')).thenRefused('case.decided');
    given(proposed, overturned('bob')).when(uphold('ann')).thenRefused('case.decided');
  });

  it('that is overturned is carried out once', () => {
    const record = { type: 'RecordOverturn', at: at(2), refundedMicros: '5' } as const;
    const carriedOut: ReviewEvent = { type: 'OverturnCarriedOut', at: at(2), refundedMicros: '5' };
    given(proposed, overturned('bob')).when(record).then(carriedOut);
    given(proposed, overturned('bob'), carriedOut).when(record).thenNothing();
    given(proposed).when(record).thenNothing();
  });
});

describe('what is owed for a refusal that was wrong', () => {
  const settlement = { kind: 'captured' as const, capturedMicros: 7n, refundedMicros: 0n };

  it('is what was taken for a job that delivered nothing, and nothing else', () => {
    expect(owedMicros({ status: 'blocked', settlement })).toBe(7n);
    expect(owedMicros({ status: 'completed', settlement })).toBe(0n);
    expect(owedMicros({ status: 'failed', settlement: null })).toBe(0n);
  });
});
