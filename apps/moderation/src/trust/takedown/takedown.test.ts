import { describe, expect, it } from '@jest/globals';
import { fold } from '@safelight/event-sourcing';
import { specificationOf } from '@safelight/testing';
import { nextStep } from './course.js';
import { type Copy, takedown, type TakedownEvent } from './takedown.js';

const HOUR = 3_600_000;
const startMs = Date.parse('2026-11-22T00:00:00.000Z');
const at = (hours: number) => new Date(startMs + hours * HOUR).toISOString();
const given = specificationOf(takedown);
const received = (disableFirst: boolean): TakedownEvent => ({
  ...{ type: 'NoticeReceived', at: at(0), dueAt: at(48), reason: 'likeness', disableFirst },
});
const copy = (name: string): Copy => ({
  ...{ objectKey: name, jobId: 'job', outputId: `out_${name}`, accountId: 'acc' },
  ...{ digest: 'a'.repeat(64), mediaType: 'image/png', how: 'same-bytes' },
});
const listed: TakedownEvent = { type: 'CopiesListed', at: at(0), copies: [copy('a'), copy('b')] };
const disabled = (name: string): TakedownEvent => ({
  ...{ type: 'CopyDisabled', at: at(0), objectKey: name, fate: 'sealed' },
});
const everything: TakedownEvent = { type: 'EverythingDisabled', at: at(0), copies: 2 };
const grounds = (by: string) => ({ by, rule: 'S2', rationale: 'she is to be seen' });
const next = (hours: number, ...events: TakedownEvent[]) =>
  nextStep(fold(takedown, events), startMs + hours * HOUR);

describe('a signed notice', () => {
  it('disables every copy before anybody decides, one after the other', () => {
    expect(next(0, received(true))).toEqual({ type: 'list' });
    expect(next(0, received(true), listed)).toEqual({ type: 'disable', copy: copy('a') });
    const one = [received(true), listed, disabled('a')];
    expect(next(0, ...one)).toEqual({ type: 'disable', copy: copy('b') });
    expect(next(0, ...one, disabled('b'))).toEqual({ type: 'record', event: everything });
    const first = { type: 'wait', untilMs: startMs + 24 * HOUR };
    expect(next(0, ...one, disabled('b'), everything)).toEqual(first);
  });

  it('raises its alarms even while nothing can be disabled', () => {
    const event = { type: 'AlarmRaised', at: at(36), hours: 36 } as const;
    expect(next(36, received(true), listed)).toEqual({ type: 'record', event });
    const alarmed = [received(true), listed, event];
    expect(next(37, ...alarmed)).toEqual({ type: 'disable', copy: copy('a') });
    expect(next(44, ...alarmed)).toMatchObject({ event: { hours: 44 } });
  });
});

describe('a report that nobody signed', () => {
  it('waits for a person, and is disabled an hour before its time is over', () => {
    const waiting = { type: 'wait', untilMs: startMs + 24 * HOUR };
    expect(next(1, received(false))).toEqual(waiting);
    const alarmed: TakedownEvent = { type: 'AlarmRaised', at: at(44), hours: 44 };
    const last = { type: 'wait', untilMs: startMs + 47 * HOUR };
    expect(next(46, received(false), alarmed)).toEqual(last);
    expect(next(47, received(false), alarmed)).toEqual({ type: 'list' });
  });

  it('is dismissed by one person, as nothing was taken away', () => {
    const command = { type: 'Dismiss', at: at(1), grounds: grounds('ann') } as const;
    given(received(false))
      .when(command)
      .then({ type: 'NoticeDismissed', at: at(1), proposedBy: 'ann', ...grounds('ann') });
  });
});

describe('a decision', () => {
  const taken = [received(true), listed, disabled('a'), disabled('b'), everything];
  const upheld: TakedownEvent = { type: 'NoticeUpheld', at: at(2), ...grounds('ann') };
  const banked: TakedownEvent = { type: 'HashesBanked', at: at(2) };

  it('to uphold banks the hashes, looks again, disables what came meanwhile, and ends', () => {
    expect(next(2, ...taken, upheld)).toEqual({ type: 'bank' });
    expect(next(2, ...taken, upheld, banked)).toEqual({ type: 'list' });
    const again: TakedownEvent = { ...listed, copies: [copy('a'), copy('b'), copy('c')] };
    const late = [...taken, upheld, banked, again];
    expect(next(2, ...late)).toEqual({ type: 'disable', copy: copy('c') });
    const event = { type: 'CaseClosed', at: at(2) } as const;
    expect(next(2, ...late, disabled('c'))).toEqual({ type: 'record', event });
    expect(next(90, ...late, disabled('c'), event)).toEqual({ type: 'wait', untilMs: null });
  });

  it('to give back what was disabled takes two different people', () => {
    const by = (who: string) => ({ type: 'Dismiss', at: at(3), grounds: grounds(who) }) as const;
    const proposed: TakedownEvent = { type: 'DismissalProposed', at: at(3), ...grounds('ann') };
    given(...taken)
      .when(by('ann'))
      .then(proposed);
    given(...taken, proposed)
      .when(by('ann'))
      .thenRefused('case.same_person');
    const dismissed = { type: 'NoticeDismissed', at: at(3), proposedBy: 'ann', ...grounds('bob') };
    given(...taken, proposed)
      .when(by('bob'))
      .then(dismissed as TakedownEvent);
    const over = [...taken, proposed, dismissed as TakedownEvent];
    expect(next(3, ...over)).toEqual({ type: 'restore', copy: copy('a') });
    given(...over)
      .when({ type: 'Uphold', at: at(4), grounds: grounds('ann') })
      .thenRefused('case.decided');
  });

  it('is never undone by alarms, and a step that two did counts once', () => {
    expect(next(47, ...taken, upheld)).toEqual({ type: 'bank' });
    given(...taken)
      .when({ type: 'Record', event: disabled('a') })
      .thenNothing();
    given(...taken)
      .when({ type: 'Record', event: banked })
      .thenNothing();
    given()
      .when({ type: 'Uphold', at: at(1), grounds: grounds('ann') })
      .thenRefused('case.not_found');
  });
});
