import { nextStep, type Step } from './course.js';
import type { Copy, Fate, Takedown, TakedownCommand, TakedownEvent } from './takedown.js';
import type { CaseFiles, DueCase } from './case-files.js';

/** More than any case has: what goes on for longer is left for the next time. */
const STEPS_AT_ONCE = 10_000;
const RETRY_AFTER_MS = 15_000;

/** What is done for a case. Each may be done twice: only its record is made once. */
export interface TakedownHands {
  readonly list: (reportId: string) => Promise<Copy[]>;
  readonly disable: (reportId: string, copy: Copy) => Promise<Fate>;
  readonly restore: (reportId: string, copy: Copy) => Promise<void>;
  readonly bank: (reportId: string, copies: readonly Copy[]) => Promise<void>;
}

export interface TakedownsParts {
  readonly files: Pick<CaseFiles, 'due' | 'sleep' | 'handle'>;
  readonly hands: TakedownHands;
  readonly now: () => Date;
  /** Told of each event that was recorded just now, for the log and metrics. */
  readonly told: (reportId: string, event: TakedownEvent) => void;
  /** Told of a case that could not go on; it is tried again. */
  readonly failed: (reportId: string, error: unknown) => void;
}

/**
 * Carries cases on: asks what is next, does it, records it. The database remembers when to look at
 * which, so whoever dies in between, or is not answered, goes on later; two at once do no harm.
 */
export class Takedowns {
  private running: Promise<void> | undefined;

  constructor(private readonly parts: TakedownsParts) {}

  /** Everything that is due now. Never rejects for a single case: others must not wait for it. */
  carryOut(): Promise<void> {
    this.running ??= this.run().finally(() => (this.running = undefined));
    return this.running;
  }

  private async run(): Promise<void> {
    const { files, now, failed } = this.parts;
    for (;;) {
      const due = await files.due(now());
      if (due.length === 0) return;
      for (const one of due) {
        await this.carry(one).catch(async (error: unknown) => {
          failed(one.reportId, error);
          await files.sleep(one, new Date(now().getTime() + RETRY_AFTER_MS));
        });
      }
    }
  }

  private async carry(due: DueCase): Promise<void> {
    const { reportId, reason, signed, receivedAt } = due;
    const at = receivedAt.toISOString();
    let state = await this.record(
      reportId,
      { type: 'ReceiveNotice', at, reason, signed },
      'receive',
    );
    for (let steps = 0; steps < STEPS_AT_ONCE; steps++) {
      const step = nextStep(state, this.parts.now().getTime());
      if (step.type === 'wait') {
        const until = step.untilMs === null ? null : new Date(step.untilMs);
        return this.parts.files.sleep(due, until);
      }
      const event = await this.take(reportId, step, state);
      state = await this.record(reportId, { type: 'Record', event }, commandIdOf(event, state));
    }
    throw new Error(`the case ${reportId} does not come to an end`);
  }

  private async take(
    reportId: string,
    step: Exclude<Step, { type: 'wait' }>,
    state: Takedown,
  ): Promise<TakedownEvent> {
    const { hands, now } = this.parts;
    const at = () => now().toISOString();
    switch (step.type) {
      case 'list':
        return { type: 'CopiesListed', copies: await hands.list(reportId), at: at() };
      case 'disable': {
        const fate = await hands.disable(reportId, step.copy);
        return { type: 'CopyDisabled', objectKey: step.copy.objectKey, fate, at: at() };
      }
      case 'restore':
        await hands.restore(reportId, step.copy);
        return { type: 'CopyRestored', objectKey: step.copy.objectKey, at: at() };
      case 'bank':
        await hands.bank(reportId, state.copies ?? []);
        return { type: 'HashesBanked', at: at() };
      case 'record':
        return step.event;
    }
  }

  private async record(
    reportId: string,
    command: TakedownCommand,
    commandId: string,
  ): Promise<Takedown> {
    const { state, events } = await this.parts.files.handle(reportId, command, commandId);
    for (const event of events) this.parts.told(reportId, event);
    return state;
  }
}

function commandIdOf(event: TakedownEvent, { banked }: Takedown): string {
  switch (event.type) {
    case 'CopyDisabled':
    case 'CopyRestored':
      return `${event.type}:${event.objectKey}`;
    case 'CopiesListed':
      return `${event.type}:${banked ? 'again' : 'first'}`;
    case 'AlarmRaised':
      return `${event.type}:${event.hours}`;
    default:
      return event.type;
  }
}
