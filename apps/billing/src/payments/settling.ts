import type { Telemetry } from '@safelight/telemetry';
import type pg from 'pg';
import { keptBeyond, nextStep, partsOf, type Step } from './next-step.js';
import type { Purchases } from './purchases.js';
import { fold, type Standing } from './fold.js';
import { readFacts, readTopUps, type TopUp } from './top-up.sql.js';
import {
  endStep,
  endWork,
  insertStep,
  readJoined,
  readSteps,
  readWork,
  takeDueWork,
  type Work,
} from './work.sql.js';

const BATCH = 100;
/** Far more steps than any payment has. */
const STEPS_MAX = 50;
const PAYMENT = 'payment:';

/** Told how a top-up stands whenever it was looked at. */
export type StandingListener = (topUp: TopUp, standing: Standing) => Promise<void>;

export interface SettlingParts {
  readonly pool: pg.Pool;
  readonly purchases: Purchases;
  readonly telemetry: Pick<Telemetry, 'meter'> & {
    readonly logger: Pick<Telemetry['logger'], 'warn' | 'error'>;
  };
  readonly onStanding?: StandingListener;
}

/**
 * Brings the ledger to what the facts of a payment add up to. Each step is stored before it is done
 * and done under its own permanent id, so that it does not matter who else is at it or where a process
 * dies: whoever looks next goes on from there.
 */
export class Settling {
  private readonly mismatched;

  constructor(private readonly parts: SettlingParts) {
    this.mismatched = parts.telemetry.meter.createCounter('billing_payments_mismatched', {
      description: 'Times that a payment of another sum than the price was heard of; any pages.',
    });
  }

  /** Acts on what was just stored. A failure is left to the sweep. */
  async actOn(subject: string): Promise<void> {
    try {
      const work = await readWork(this.parts.pool, subject);
      if (work) await this.settleAll(work);
    } catch (error) {
      this.parts.telemetry.logger.warn({ err: error, subject }, 'a payment is settled later');
    }
  }

  /** Acts on everything that is due. @returns how much that was. */
  async sweep(): Promise<number> {
    const due = await takeDueWork(this.parts.pool, BATCH);
    for (const work of due) {
      // One that fails must not keep the others waiting; it is due again soon.
      await this.settleAll(work).catch((error: unknown) => {
        const { subject } = work;
        this.parts.telemetry.logger.error({ err: error, subject }, 'a payment is not settled');
      });
    }
    return due.length;
  }

  private async settleAll(work: Work): Promise<void> {
    for (const id of await this.topUpsIn(work.subject)) await this.settle(id);
    await endWork(this.parts.pool, work);
  }

  private async topUpsIn(subject: string): Promise<readonly string[]> {
    if (!subject.startsWith(PAYMENT)) return [subject];
    return readJoined(this.parts.pool, subject.slice(PAYMENT.length));
  }

  private async settle(topUpId: string): Promise<void> {
    const { pool, onStanding } = this.parts;
    const [topUp] = await readTopUps(pool, [topUpId]);
    // The provider may serve others too, whose payments are none of ours.
    if (topUp === undefined) return;
    for (let round = 0; round < STEPS_MAX; round += 1) {
      const steps = await readSteps(pool, topUpId);
      const last = steps.at(-1);
      if (last?.movedMicros === null) {
        await this.doStep(topUp, last, steps);
        continue;
      }
      const facts = (await readFacts(pool, [topUpId])).get(topUpId) ?? [];
      const standing = fold(
        topUp,
        facts.map(({ fact }) => fact),
        Date.now(),
      );
      const next = nextStep(standing, steps);
      if (next === null) {
        if (standing.isMismatched) this.tellOperator(topUp);
        await onStanding?.(topUp, standing);
        return;
      }
      await insertStep(pool, topUpId, next);
    }
    throw new Error(`${topUpId} does not come to rest`);
  }

  /** The customer is told that this was done. After a crash it is done again rather than not. */
  private tellOperator({ id, amountCents }: TopUp): void {
    this.mismatched.add(1);
    const about = { topUpId: id, priceCents: amountCents };
    this.parts.telemetry.logger.warn(about, 'a payment is of another sum than the price');
  }

  private async doStep(topUp: TopUp, step: Step, steps: readonly Step[]): Promise<void> {
    await endStep(this.parts.pool, topUp.id, step.step, await this.move(topUp, step, steps));
  }

  /** @returns what was moved. */
  private move(topUp: TopUp, step: Step, steps: readonly Step[]): Promise<bigint> {
    return step.wantedMicros > 0n ? this.give(topUp, step, steps) : this.take(topUp, step, steps);
  }

  private async give(topUp: TopUp, step: Step, steps: readonly Step[]): Promise<bigint> {
    const amountMicros = step.wantedMicros - keptBeyond(steps);
    if (amountMicros <= 0n) return 0n;
    const paymentId = paymentIdOf(topUp, step.step);
    await this.parts.purchases.credit(topUp, { paymentId, amountMicros });
    return amountMicros;
  }

  private async take(topUp: TopUp, step: Step, steps: readonly Step[]): Promise<bigint> {
    const reason = step.cause === 'chargeback' ? 'chargeback' : 'refunded_payment';
    let moved = 0n;
    for (const part of partsOf(step, steps)) {
      const credited = { ...part, paymentId: paymentIdOf(topUp, part.step) };
      const id = `${topUp.id}:${step.step}:${part.step}`;
      moved -= await this.parts.purchases.takeBack(topUp, id, credited, reason);
    }
    return moved;
  }
}

/** The first credits bear the top-up's own id; those that are given again have one of their own. */
const paymentIdOf = ({ id }: TopUp, step: number): string => (step === 1 ? id : `${id}:${step}`);
