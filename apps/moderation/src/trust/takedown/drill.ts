import { fold } from '@safelight/event-sourcing';
import { seeded } from '../../probe/seeded.js';
import type { DueCase } from './case-files.js';
import {
  type Copy,
  DECIDED_WITHIN_MS,
  HOUR_MS,
  isDisabledFirst,
  takedown,
  type TakedownCommand,
  type TakedownEvent,
} from './takedown.js';
import { Takedowns } from './takedowns.js';

const MINUTE_MS = 60_000;
/** As the service sweeps. */
const SWEEP_MS = 5_000;
/** Cases arrive over so long. */
const ARRIVING_MS = 72 * HOUR_MS;
const MOST_COPIES = 6;
const SIGNED = 0.7;
const DECIDED = 0.7;
/** Of everything that is tried, while nothing is wrong in particular. */
const FAULTS = 0.1;
/** Hours in which the store or the orchestrator is away, for up to 30 minutes each. */
const OUTAGES = 12;
const LONGEST_OUTAGE_MS = 30 * MINUTE_MS;

interface Simulated {
  readonly reportId: string;
  readonly receivedAtMs: number;
  readonly reason: string;
  readonly signed: boolean;
  readonly copies: readonly Copy[];
  /** When somebody decides, and how; some cases nobody ever does. */
  readonly decision: { readonly atMs: number; readonly uphold: boolean } | null;
}

export interface DrillResult {
  readonly cases: number;
  /** Those to be disabled before anybody looks, and of them those that were within an hour. */
  readonly disabledFirst: number;
  readonly withinTheHour: number;
  /** From the report to the last copy, in milliseconds of simulated time. */
  readonly slowestMs: number;
  /** Cases of which something was to be seen after 48 hours, and that nobody had dismissed. */
  readonly missed: number;
  /** Dismissed cases of which something did not come back. */
  readonly lost: number;
  readonly alarms: number;
  /** Steps that failed, undone or unrecorded. */
  readonly faults: number;
  readonly copies: number;
}

/**
 * Simulated cases on a clock of their own: the same course of a case, and the same worker, as in the
 * service; only the world is a pretended one. Things fail as they like, and for half an hour at a time.
 *
 * @param seed the same one gives the same drill
 */
export async function drill(options: { cases: number; seed: number }): Promise<DrillResult> {
  const world = new PretendedWorld(options);
  await world.play();
  return world.result();
}

class PretendedWorld {
  private readonly random: () => number;
  private readonly cases: readonly Simulated[];
  private readonly byId: ReadonlyMap<string, Simulated>;
  private readonly outages: readonly { fromMs: number; toMs: number }[];
  private readonly histories = new Map<string, TakedownEvent[]>();
  private readonly lookAt = new Map<string, number>();
  private readonly visible = new Set<string>();
  private readonly hiddenAtMs = new Map<string, number>();
  private readonly missed = new Set<string>();
  private nowMs = 0;
  private faults = 0;
  private alarms = 0;

  constructor({ cases, seed }: { cases: number; seed: number }) {
    this.random = seeded(`takedown drill ${seed}`);
    this.cases = Array.from({ length: cases }, (_, at) => this.drawn(at)).sort(
      (a, b) => a.receivedAtMs - b.receivedAtMs,
    );
    this.byId = new Map(this.cases.map((one) => [one.reportId, one]));
    this.outages = Array.from({ length: OUTAGES }, () => {
      const fromMs = this.random() * ARRIVING_MS;
      return { fromMs, toMs: fromMs + this.random() * LONGEST_OUTAGE_MS };
    });
    for (const { copies } of this.cases) for (const one of copies) this.visible.add(one.objectKey);
  }

  /** From moment to moment: whenever a report comes, somebody decides, a case is due or time is over. */
  async play(): Promise<void> {
    const takedowns = this.takedowns();
    const fixed = [...new Set(this.cases.flatMap(momentsOf))].sort((a, b) => a - b);
    for (let next = 0; next < fixed.length || this.lookAt.size > 0;) {
      const moment = fixed[next];
      const waking = Math.min(...this.lookAt.values(), Number.POSITIVE_INFINITY);
      // Nobody looks between two sweeps.
      const swept = Math.max(waking, this.nowMs + SWEEP_MS);
      if (moment !== undefined && moment <= swept) {
        this.nowMs = moment;
        next += 1;
        for (const one of this.cases) this.happen(one);
      } else if (Number.isFinite(waking)) this.nowMs = swept;
      else break;
      await takedowns.carryOut();
    }
  }

  result(): DrillResult {
    const first = this.cases.filter(isDisabledFirst);
    const took = first.map((one) => this.lastHidden(one) - one.receivedAtMs);
    const dismissed = this.cases.filter((one) => this.state(one.reportId).outcome === 'dismissed');
    const isLost = ({ copies }: Simulated) =>
      copies.some((one) => !this.visible.has(one.objectKey));
    return {
      ...{ cases: this.cases.length, disabledFirst: first.length },
      withinTheHour: took.filter((ms) => ms <= HOUR_MS).length,
      slowestMs: Math.max(0, ...took),
      ...{ missed: this.missed.size, lost: dismissed.filter(isLost).length },
      ...{ alarms: this.alarms, faults: this.faults },
      copies: this.cases.reduce((sum, { copies }) => sum + copies.length, 0),
    };
  }

  private takedowns(): Takedowns {
    const handle = (id: string, command: TakedownCommand) => this.handle(id, command);
    return new Takedowns({
      files: {
        due: async () => this.due(),
        sleep: async ({ reportId, mark }, until) => this.sleep(reportId, mark, until),
        handle: async (reportId, command) => this.tried(() => handle(reportId, command)),
      },
      hands: {
        list: async (reportId) => this.tried(() => [...this.of(reportId).copies]),
        disable: async (_, { objectKey }) =>
          this.tried(() => {
            if (this.visible.delete(objectKey) && !this.hiddenAtMs.has(objectKey)) {
              this.hiddenAtMs.set(objectKey, this.nowMs);
            }
            return 'sealed' as const;
          }),
        restore: async (_, { objectKey }) => this.tried(() => void this.visible.add(objectKey)),
        bank: async () => this.tried(() => undefined),
      },
      now: () => new Date(this.nowMs),
      told: (_, { type }) => void (this.alarms += type === 'AlarmRaised' ? 1 : 0),
      failed: () => void (this.faults += 1),
    });
  }

  /** What fails may have been done all the same. */
  private tried<Result>(work: () => Result): Result {
    const isAway = this.outages.some(
      ({ fromMs, toMs }) => this.nowMs >= fromMs && this.nowMs < toMs,
    );
    if (isAway || this.random() < FAULTS / 2) throw new Error('not done');
    const done = work();
    if (this.random() < FAULTS / 2) throw new Error('done, and nobody heard of it');
    return done;
  }

  private happen(one: Simulated): void {
    const { reportId, receivedAtMs, decision } = one;
    if (receivedAtMs === this.nowMs) this.lookAt.set(reportId, this.nowMs);
    if (decision?.atMs === this.nowMs) this.decide(reportId, decision.uphold);
    if (receivedAtMs + DECIDED_WITHIN_MS === this.nowMs) {
      const isSeen = one.copies.some(({ objectKey }) => this.visible.has(objectKey));
      const { outcome } = this.state(reportId);
      if (isSeen && outcome !== 'dismissed') this.missed.add(reportId);
    }
  }

  private decide(reportId: string, uphold: boolean): void {
    if (this.state(reportId).outcome !== 'open') return;
    const at = new Date(this.nowMs).toISOString();
    const grounds = (by: string) => ({ by, rule: 'S2', rationale: 'drill' });
    if (uphold) this.handle(reportId, { type: 'Uphold', at, grounds: grounds('ann') });
    else {
      this.handle(reportId, { type: 'Dismiss', at, grounds: grounds('ann') });
      if (this.state(reportId).outcome === 'open') {
        this.handle(reportId, { type: 'Dismiss', at, grounds: grounds('bob') });
      }
    }
    this.lookAt.set(reportId, this.nowMs);
  }

  private handle(reportId: string, command: TakedownCommand) {
    const history = this.histories.get(reportId) ?? [];
    const events = takedown.decide(command, fold(takedown, history));
    this.histories.set(reportId, [...history, ...events]);
    return { state: this.state(reportId), events };
  }

  private due(): DueCase[] {
    return [...this.lookAt].flatMap(([reportId, atMs]) => {
      if (atMs > this.nowMs) return [];
      const { reason, signed, receivedAtMs } = this.of(reportId);
      const receivedAt = new Date(receivedAtMs);
      return [{ reportId, reason, signed, receivedAt, mark: String(atMs) }];
    });
  }

  private sleep(reportId: string, mark: string, until: Date | null): void {
    if (String(this.lookAt.get(reportId)) !== mark) return;
    if (until === null) this.lookAt.delete(reportId);
    else this.lookAt.set(reportId, until.getTime());
  }

  private state(reportId: string) {
    return fold(takedown, this.histories.get(reportId) ?? []);
  }

  private of(reportId: string): Simulated {
    const found = this.byId.get(reportId);
    if (found === undefined) throw new Error(`there is no case ${reportId}`);
    return found;
  }

  private lastHidden({ copies }: Simulated): number {
    const never = Number.POSITIVE_INFINITY;
    return Math.max(...copies.map(({ objectKey }) => this.hiddenAtMs.get(objectKey) ?? never));
  }

  private drawn(at: number): Simulated {
    const reportId = `rpt-${at}`;
    const receivedAtMs = Math.floor(this.random() * ARRIVING_MS);
    const count = 1 + Math.floor(this.random() * MOST_COPIES);
    const copies = Array.from({ length: count }, (_, number) => copyOf(reportId, number));
    const reason = this.random() < 0.1 ? 'minor' : 'likeness';
    const signed = this.random() < SIGNED;
    const atMs = receivedAtMs + 1 + Math.floor(this.random() * 60 * HOUR_MS);
    const decision = this.random() < DECIDED ? { atMs, uphold: this.random() < 0.6 } : null;
    return { reportId, receivedAtMs, reason, signed, copies, decision };
  }
}

const momentsOf = ({ receivedAtMs, decision }: Simulated): number[] => [
  ...[receivedAtMs, receivedAtMs + DECIDED_WITHIN_MS],
  ...(decision === null ? [] : [decision.atMs]),
];

const copyOf = (reportId: string, number: number): Copy => ({
  ...{ objectKey: `${reportId}/${number}`, jobId: reportId, outputId: `${reportId}-${number}` },
  ...{ accountId: 'drill', digest: '0'.repeat(64), mediaType: 'image/png', how: 'same-bytes' },
});
