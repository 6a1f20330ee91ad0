/** Failures of one model on one worker, in a row, after which the two are kept apart. */
const PAIR_FAILURES = 2;
const PAIR_APART_MS = 10 * 60_000;
const HOUR_MS = 60 * 60_000;

interface Pair {
  failures: number;
  lastMs: number;
  apartUntilMs: number;
}

/** What workers did wrong lately. A pure account: times are monotonic ms, and are given. */
export class FaultBook {
  /** By worker, then by model. */
  private readonly pairs = new Map<string, Map<string, Pair>>();
  /** When each worker was at fault, the oldest first. */
  private readonly faults = new Map<string, number[]>();

  /** @param most faults that a worker may have within an hour */
  constructor(private readonly most: number) {}

  /** An attempt at a job of the model failed there, and not because of what the job asked for. */
  failed(workerId: string, model: string, nowMs: number): void {
    const models = this.pairs.get(workerId) ?? new Map<string, Pair>();
    this.pairs.set(workerId, models);
    const known = models.get(model);
    const recent = known !== undefined && nowMs - known.lastMs < 2 * PAIR_APART_MS;
    const failures = (recent ? known.failures : 0) + 1;
    const apartUntilMs = failures >= PAIR_FAILURES ? nowMs + PAIR_APART_MS : 0;
    models.set(model, { failures, lastMs: nowMs, apartUntilMs });
    this.note(workerId, nowMs);
  }

  /** It was not heard of for the life of a lease; one silence is one fault, however much it held. */
  fellSilent(workerId: string, nowMs: number, leaseMs: number): void {
    const last = this.faults.get(workerId)?.at(-1);
    if (last === undefined || nowMs - last >= leaseMs) this.note(workerId, nowMs);
  }

  /** The two go well together after all. */
  completed(workerId: string, model: string): void {
    const models = this.pairs.get(workerId);
    if (models?.delete(model) === true && models.size === 0) this.pairs.delete(workerId);
  }

  /** Models that the worker should get no work for at this time. */
  modelsApart(workerId: string, nowMs: number): ReadonlySet<string> {
    const models = [...(this.pairs.get(workerId) ?? [])];
    return new Set(models.filter(([, pair]) => pair.apartUntilMs > nowMs).map(([model]) => model));
  }

  /** How often it was at fault within the last hour. */
  faultsOf(workerId: string, nowMs: number): number {
    return (this.faults.get(workerId) ?? []).filter((atMs) => nowMs - atMs < HOUR_MS).length;
  }

  isTooFaulty(workerId: string, nowMs: number): boolean {
    return this.faultsOf(workerId, nowMs) > this.most;
  }

  /** It begins anew. */
  forgive(workerId: string): void {
    this.pairs.delete(workerId);
    this.faults.delete(workerId);
  }

  /** Lets go of what no longer counts. */
  forget(nowMs: number): void {
    for (const [workerId, faults] of this.faults) {
      if (nowMs - (faults.at(-1) ?? 0) >= HOUR_MS) this.faults.delete(workerId);
    }
    for (const [workerId, models] of this.pairs) {
      const isOver = ({ lastMs }: Pair) => nowMs - lastMs >= 2 * PAIR_APART_MS;
      if ([...models.values()].every(isOver)) this.pairs.delete(workerId);
    }
  }

  private note(workerId: string, nowMs: number): void {
    const before = this.faults.get(workerId) ?? [];
    this.faults.set(workerId, [...before.filter((atMs) => nowMs - atMs < HOUR_MS), nowMs]);
  }
}
