import { describe, expect, it } from '@jest/globals';
import { fold } from '@safelight/event-sourcing';
import { specificationOf } from '@safelight/testing';
import fc from 'fast-check';
import { standingPolicyV1 } from './standing-policy.v1.js';
import {
  openEffects,
  type Standing,
  standing,
  type StandingCommand,
  type StandingEvent,
  weightAt,
} from './standing.js';

const policy = standingPolicyV1;
const startMs = Date.parse('2026-11-22T00:00:00.000Z');
const atDay = (day: number) => new Date(startMs + day * 86_400_000).toISOString();
const strike = (decisionId: string, ruleId: string, day = 0): StandingCommand => ({
  ...{ type: 'RecordStrike', at: atDay(day), decisionId, ruleId, category: 'c', policy },
});
const erase = (decisionId: string, day = 0): StandingCommand => ({
  ...{ type: 'EraseStrike', at: atDay(day), decisionId, by: 'ann', reason: 'wrong', policy },
});
const after = (...commands: StandingCommand[]): Standing =>
  commands.reduce(
    (state, command) => standing.decide(command, state).reduce(standing.evolve, state),
    standing.initialState(),
  );
const given = specificationOf(standing);

describe('a standing', () => {
  it.each(['F1', 'F5'])('ends with a single refusal by %s', (ruleId) => {
    const state = after(strike('dec_1', ruleId));
    expect(state.suspended).toBe(true);
    expect(state.suspension!.suspensionId).toBe('suspension-dec_1');
    expect(openEffects(state)).toEqual(['keys', 'evidence', 'jobs']);
  });

  it('ends when strikes add up, and not when they are too old', () => {
    const many = (days: number) =>
      Array.from({ length: 10 }, (_, at) => strike(`dec_${at}`, 'F2', at * days));
    expect(after(...many(1)).suspended).toBe(true);
    expect(after(...many(1).slice(1)).suspended).toBe(false);
    expect(after(...many(20)).suspended).toBe(false);
  });

  it.each(['F6', 'F7', 'T1'])(
    'is not touched by %s, which is no fault of the account',
    (ruleId) => {
      given().when(strike('dec_1', ruleId)).thenNothing();
    },
  );

  it('is given back when the refusal that it was lost for was wrong, whichever comes first', () => {
    const late = after(strike('dec_1', 'F5'), erase('dec_1'));
    expect([late.suspended, openEffects(late)]).toEqual([false, ['keys']]);
    const early = after(erase('dec_1'), strike('dec_1', 'F5'));
    expect([early.suspended, early.strikes.size]).toEqual([false, 0]);
    // Another reason is left.
    expect(after(strike('dec_1', 'F5'), strike('dec_2', 'F1'), erase('dec_1')).suspended).toBe(
      true,
    );
    // The one that was wrong had no part in it.
    expect(after(strike('dec_1', 'F5'), erase('dec_9')).suspended).toBe(true);
  });

  it('is lifted by two people, and lost again for another refusal alone', () => {
    const lift = (confirmedBy: string) =>
      ({ type: 'LiftSuspension', at: atDay(1), by: 'ann', confirmedBy, reason: 'r' }) as const;
    expect(() => after(strike('dec_1', 'F5'), lift('ann'))).toThrow('account.same_person');
    expect(() => after(lift('bob'))).toThrow('account.not_suspended');
    const lifted = after(strike('dec_1', 'F5'), lift('bob'));
    expect([lifted.suspended, openEffects(lifted)]).toEqual([false, ['keys']]);
    expect(after(strike('dec_1', 'F5'), lift('bob'), strike('dec_1', 'F5')).suspended).toBe(false);
    const again = after(strike('dec_1', 'F5'), lift('bob'), strike('dec_2', 'F5'));
    expect(again.suspension!.suspensionId).toBe('suspension-dec_2');
  });

  it('takes no word of effects that belong to an earlier change', () => {
    const done: StandingEvent = {
      ...{ type: 'EffectDone', at: atDay(0), suspensionId: 'suspension-dec_1', effect: 'keys' },
      suspended: true,
    };
    const record = { type: 'RecordEffect', event: done } as const;
    expect(openEffects(after(strike('dec_1', 'F5'), record))).toEqual(['evidence', 'jobs']);
    const lifted = after(strike('dec_1', 'F5'), erase('dec_1'), record);
    expect(openEffects(lifted)).toEqual(['keys']);
  });
});

describe('any history', () => {
  const rules = ['F1', 'F2', 'F4', 'F5', 'F6', 'D1', 'X9'];
  const command = fc.record({
    erase: fc.boolean(),
    id: fc.integer({ min: 0, max: 12 }),
    rule: fc.constantFrom(...rules),
  });
  const played = fc.array(command, { maxLength: 60 }).map((all) =>
    all.map(({ erase: erases, id, rule }, day) =>
      // A decision has one rule, whenever it is heard of.
      erases ? erase(`dec_${id}`, day) : strike(`dec_${id}`, rules[id % rules.length] ?? rule, day),
    ),
  );

  it('counts no strike twice, none that was erased, and is the fold of its events', () => {
    fc.assert(
      fc.property(played, (commands) => {
        const events: StandingEvent[] = [];
        let state = standing.initialState();
        for (const one of commands) {
          const decided = standing.decide(one, state);
          events.push(...decided);
          state = decided.reduce(standing.evolve, state);
        }
        const recorded = events.flatMap((one) =>
          one.type === 'StrikeRecorded' ? [one.decisionId] : [],
        );
        expect(new Set(recorded).size).toBe(recorded.length);
        for (const id of state.erased) expect(state.strikes.has(id)).toBe(false);
        expect(fold(standing, events)).toEqual(state);
        const twice = commands.flatMap((one) => [one, one]);
        expect(after(...twice)).toEqual(state);
      }),
      { numRuns: 300 },
    );
  });

  it('is suspended only with a reason, and weighs less as time goes by', () => {
    fc.assert(
      fc.property(played, (commands) => {
        const state = after(...commands);
        const weights = [60, 200, 500].map((day) => weightAt(state, startMs + day * 86_400_000));
        expect(weights).toEqual(weights.toSorted((a, b) => b - a));
        expect(weights[2]).toBe(0);
        if (state.suspended) expect(state.suspension).not.toBeNull();
      }),
      { numRuns: 300 },
    );
  });
});
