/** Failures of one model on one worker, in a row, after which the two are kept apart. */
const PAIR_FAILURES = 2;
const PAIR_APART_MS = 10 * 60_000;
const HOUR_MS = 60 * 60_000;
/** Of the faults that put a worker away the jobs of one account make up no more than this part. */
const ACCOUNT_SHARE = 1 / 3;

/** A job that failed. */
export interface FailedJob {
  readonly jobId: string;
  readonly accountId: string;
  readonly model: string;
}

interface Fault {
  readonly atMs: number;
  /** Nobody's where the worker fell silent. */
  readonly job: FailedJob | undefined;
  /** The same went well elsewhere, or no job was needed for it: the worker's fault for sure. */
  proven: boolean;
}

interface Pair {
  faults: Fault[];
  lastMs: number;
  apartUntilMs: number;
}

/**
 * What workers did wrong lately. Anybody can send jobs that fail wherever they run: as long as nobody
 * else has made a job, what it did to a worker counts only so much for each account. A pure account:
 * times are monotonic ms, and are given.
 */
export class FaultBook {
  /** By worker, then by model. */
  private readonly pairs = new Map<string, Map<string, Pair>>();
  /** What each worker was at fault with, the oldest first. */
  private readonly faults = new Map<string, Fault[]>();

  /** @param most faults that a worker may have within an hour */
  constructor(private readonly most: number) {}

  /** An attempt at the job failed there, and not because of what the job asked for. */
  failed(workerId: string, job: FailedJob, nowMs: number): void {
    const fault = { atMs: nowMs, job, proven: false };
    const models = this.pairs.get(workerId) ?? new Map<string, Pair>();
    this.pairs.set(workerId, models);
    const known = models.get(job.model);
    const recent = known !== undefined && nowMs - known.lastMs < 2 * PAIR_APART_MS;
    const pair = { faults: [...(recent ? known.faults : []), fault], lastMs: nowMs };
    models.set(job.model, { ...pair, apartUntilMs: apartUntil(pair) });
    this.note(workerId, fault);
  }

  /** It was not heard of for the life of a lease; one silence is one fault, however much it held. */
  fellSilent(workerId: string, nowMs: number, leaseMs: number): void {
    const last = this.faults.get(workerId)?.at(-1)?.atMs;
    if (last === undefined || nowMs - last >= leaseMs) {
      this.note(workerId, { atMs: nowMs, job: undefined, proven: true });
    }
  }

  /** The two go well together after all. */
  completed(workerId: string, model: string): void {
    const models = this.pairs.get(workerId);
    if (models?.delete(model) === true && models.size === 0) this.pairs.delete(workerId);
  }

  /** Another worker has made the job: it was not the job's fault. */
  wentWellElsewhere(workerId: string, jobId: string): void {
    for (const fault of this.faults.get(workerId) ?? []) {
      if (fault.job?.jobId === jobId) fault.proven = true;
    }
    for (const pair of this.pairs.get(workerId)?.values() ?? []) {
      pair.apartUntilMs = apartUntil(pair);
    }
  }

  /** The job fails everywhere: no worker is to blame. */
  absolve(jobId: string): void {
    const isOther = ({ job }: Fault) => job?.jobId !== jobId;
    for (const [workerId, faults] of this.faults) {
      if (!faults.every(isOther)) this.faults.set(workerId, faults.filter(isOther));
    }
    for (const models of this.pairs.values()) {
      for (const pair of models.values()) {
        if (pair.faults.every(isOther)) continue;
        pair.faults = pair.faults.filter(isOther);
        pair.apartUntilMs = apartUntil(pair);
      }
    }
  }

  /** Models that the worker should get no work for at this time. */
  modelsApart(workerId: string, nowMs: number): ReadonlySet<string> {
    const models = [...(this.pairs.get(workerId) ?? [])];
    return new Set(models.filter(([, pair]) => pair.apartUntilMs > nowMs).map(([model]) => model));
  }

  /** How often it was at fault within the last hour, as far as that counts. */
  faultsOf(workerId: string, nowMs: number): number {
    const recent = (this.faults.get(workerId) ?? []).filter(({ atMs }) => nowMs - atMs < HOUR_MS);
    return weigh(recent, Math.max(1, Math.floor(this.most * ACCOUNT_SHARE)));
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
      if (nowMs - (faults.at(-1)?.atMs ?? -HOUR_MS) >= HOUR_MS) this.faults.delete(workerId);
    }
    for (const [workerId, models] of this.pairs) {
      const isOver = ({ lastMs }: Pair) => nowMs - lastMs >= 2 * PAIR_APART_MS;
      if ([...models.values()].every(isOver)) this.pairs.delete(workerId);
    }
  }

  private note(workerId: string, fault: Fault): void {
    const before = this.faults.get(workerId) ?? [];
    const recent = before.filter(({ atMs }) => fault.atMs - atMs < HOUR_MS);
    this.faults.set(workerId, [...recent, fault]);
  }
}

function apartUntil({ faults, lastMs }: Pick<Pair, 'faults' | 'lastMs'>): number {
  return weigh(faults, 1) >= PAIR_FAILURES ? lastMs + PAIR_APART_MS : 0;
}

/** @param most unproven faults that count for each account */
function weigh(faults: readonly Fault[], most: number): number {
  const unproven = new Map<string, number>();
  let sum = 0;
  for (const { job, proven } of faults) {
    const before = unproven.get(job?.accountId ?? '') ?? 0;
    if (!proven) unproven.set(job?.accountId ?? '', before + 1);
    if (proven || before < most) sum += 1;
  }
  return sum;
}
