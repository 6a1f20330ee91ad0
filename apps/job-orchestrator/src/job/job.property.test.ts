import { describe, expect, it } from '@jest/globals';
import { DomainError, fold } from '@safelight/event-sourcing';
import fc from 'fast-check';
import { react } from '../generation/generation.process.js';
import {
  accepted,
  captured,
  deadlineAt,
  givenBack,
  outputsOf,
  priceMicros,
  receiptsOf,
  submitJob,
} from '../test/example-job.js';
import { hasEnded, jobDecider } from './job.js';
import type { Job, JobCommand, JobEvent } from './job.js';
import { drawnTransitions } from '../test/drawn-transitions.js';

const attempt = fc.integer({ min: 1, max: 3 });
const indexes = fc.subarray([0, 1, 2, 3]);
const command: fc.Arbitrary<JobCommand> = fc.oneof(
  fc.constant(submitJob),
  attempt.map((n) => ({
    type: 'StartAttempt' as const,
    attempt: n,
    workerId: 'w',
    startedAt: deadlineAt,
  })),
  fc.record({
    type: fc.constant('FailAttempt' as const),
    attempt,
    code: fc.constant('engine.failed'),
    final: fc.boolean(),
  }),
  fc.tuple(attempt, fc.integer({ min: 1, max: 5 })).map(([n, count]) => ({
    type: 'ReportOutputs' as const,
    attempt: n,
    gpuMs: 1,
    outputs: outputsOf(n, count),
  })),
  fc
    .tuple(attempt, indexes)
    .map(([n, blocked]) => ({ type: 'RecordCheck' as const, receipts: receiptsOf(n, blocked) })),
  fc
    .oneof(
      fc.integer({ min: 1, max: 4 }).map(captured),
      fc.constantFrom(givenBack('voided'), givenBack('expired')),
      fc.constant({ ...captured(), refundedMicros: 7n }),
    )
    .map((settlement) => ({ type: 'RecordSettlement' as const, settlement })),
  fc
    .constantFrom('2026-01-01T00:00:00.000Z', deadlineAt)
    .map((now) => ({ type: 'ExpireJob' as const, now })),
  fc.constant({ type: 'CancelJob' as const }),
  fc.constant({ type: 'EraseContent' as const }),
);

/** All events that a sequence of commands leaves; refusals leave none. */
function run(commands: readonly JobCommand[], given: readonly JobEvent[] = []): JobEvent[] {
  const events = [...given];
  for (const next of commands) events.push(...attempted(next, fold(jobDecider, events)));
  return events;
}

function attempted(next: JobCommand, job: Job): JobEvent[] {
  try {
    return jobDecider.decide(next, job);
  } catch (error) {
    if (error instanceof DomainError) return [];
    throw error;
  }
}

/** Like `run`, but answers as the neighbours would, so that most sequences reach an end. */
function live(commands: readonly JobCommand[]): JobEvent[] {
  const events = run(commands, accepted);
  for (let job = fold(jobDecider, events); ; job = fold(jobDecider, events)) {
    const [due] = react(job);
    if (due === undefined) return events;
    const answer: JobCommand =
      due.type === 'CheckOutputs'
        ? { type: 'RecordCheck', receipts: receiptsOf(job.attempt) }
        : {
            type: 'RecordSettlement',
            settlement: due.type === 'CaptureHold' ? captured(due.numerator) : givenBack(),
          };
    const next = jobDecider.decide(answer, job);
    expect(next).not.toHaveLength(0);
    events.push(...next);
  }
}

const sequences = fc.array(command, { maxLength: 25 });
const check = (property: (events: JobEvent[]) => void) => {
  const both = fc.oneof(
    sequences.map((commands) => run(commands)),
    sequences.map((commands) => run(commands, accepted)),
    sequences.map(live),
  );
  fc.assert(fc.property(both, property), { numRuns: 2_000 });
};
const endTypes = ['JobCompleted', 'JobFailed', 'JobBlocked', 'JobCancelled'];
const isEnd = ({ type }: JobEvent) => endTypes.includes(type);

describe('over any sequence of commands, a job', () => {
  it('ends at most once, and nothing follows its end but one deletion of what it was', () =>
    check((events) => {
      const end = events.findIndex(isEnd);
      const after = end < 0 ? [] : events.slice(end + 1);
      expect([[], ['ContentErased']]).toContainEqual(after.map(({ type }) => type));
      const before = end < 0 ? events : events.slice(0, end);
      expect(before.map(({ type }) => type)).not.toContain('ContentErased');
    }));

  it('is settled before it ends, and completes exactly if it was captured', () =>
    check((events) => {
      const end = events.find(isEnd);
      if (end === undefined) return;
      const settled = events.filter((event) => event.type === 'CreditsSettled');
      expect(settled).toHaveLength(1);
      const [{ settlement } = { settlement: givenBack() }] = settled;
      expect(end).toMatchObject({ settlement });
      expect(end.type === 'JobCompleted').toBe(settlement.kind === 'captured');
    }));

  it('splits its price into captured and refunded without remainder', () =>
    check((events) => {
      for (const event of events) {
        if (event.type !== 'CreditsSettled') continue;
        const { capturedMicros, refundedMicros } = event.settlement;
        expect(capturedMicros + refundedMicros).toBe(priceMicros);
      }
    }));

  it('releases only outputs with a passing receipt', () =>
    check((events) => {
      const last = events.find(isEnd);
      if (last?.type !== 'JobCompleted') return;
      const { receipts } = fold(jobDecider, events);
      for (const id of last.releasedOutputIds) expect(receipts?.[id]?.verdict).toBe('pass');
    }));

  it('moves only along the drawn state machine', () =>
    check((events) => {
      const drawn = drawnTransitions();
      let job = jobDecider.initialState();
      for (const event of events) {
        const next = jobDecider.evolve(job, event);
        if (next.status !== job.status) expect(drawn).toContain(`${job.status} --> ${next.status}`);
        job = next;
      }
    }));

  it('is never changed by an attempt lower than the most recent one', () =>
    fc.assert(
      fc.property(sequences, command, (commands, late) => {
        const job = fold(jobDecider, run(commands, accepted));
        if (!('attempt' in late) || late.attempt >= job.attempt) return;
        expect(attempted(late, job)).toEqual([]);
      }),
      { numRuns: 4_000 },
    ));

  it('never waits for an end that is due, whatever was heard before', () =>
    check((events) => {
      const job = fold(jobDecider, events);
      const settled = job.settlement !== null;
      if (settled && !hasEnded(job)) expect(react(job)).toEqual([{ type: 'CheckOutputs' }]);
    }));

  it('takes every arrow of the drawing in some sequence', () => {
    const seen = new Set<string>();
    const seed = 20_260_101;
    for (const events of fc.sample(sequences.map(live), { numRuns: 3_000, seed })) {
      let { status } = jobDecider.initialState();
      for (let n = 1; n <= events.length; n += 1) {
        const next = fold(jobDecider, events.slice(0, n)).status;
        if (next !== status) seen.add(`${status} --> ${next}`);
        status = next;
      }
    }
    expect([...seen].sort()).toEqual([...drawnTransitions()].sort());
  });
});
