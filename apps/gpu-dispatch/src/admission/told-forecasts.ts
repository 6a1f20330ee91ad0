import type { Calibration, Outcomes } from './calibration.js';

/** Jobs whose forecasts are remembered until they end. */
const TOLD_MAX = 20_000;

/** What was said of a job when it was let in; spans in ms. */
export interface Told {
  readonly standing: string;
  /** Wall clock, epoch ms. */
  readonly atMs: number;
  readonly startMs: number;
  readonly finishMs: number;
  readonly kind: string;
}

/** Remembers what customers were told, and learns from how it turned out. */
export class ToldForecasts {
  private readonly told = new Map<string, Told>();

  constructor(
    private readonly calibration: Calibration,
    private readonly outcomes: Outcomes,
  ) {}

  note(jobId: string, told: Told): void {
    this.told.set(jobId, told);
    const [oldest] = this.told.keys();
    if (this.told.size > TOLD_MAX && oldest !== undefined) this.told.delete(oldest);
  }

  began(jobId: string, nowMs: number): void {
    const told = this.told.get(jobId);
    if (told) this.calibration.note(told.standing, told.startMs, nowMs - told.atMs);
  }

  ended(jobId: string, nowMs: number): void {
    const told = this.told.get(jobId);
    if (told === undefined) return;
    this.told.delete(jobId);
    this.outcomes.note(told.kind, told.finishMs, nowMs - told.atMs);
  }
}
