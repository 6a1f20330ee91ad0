import {
  assignTo,
  cancelOn,
  completeAttempt,
  failAttempt,
  newId,
  newUuid,
  offerSlots,
  proveWorker,
  type Assignment,
} from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import {
  connectBus,
  RequestClient,
  SafelightServer,
  type BusConnection,
} from '@safelight/messaging';
import { startTelemetry } from '@safelight/telemetry';
import { eventually } from '@safelight/testing';
import type { z } from 'zod';

export interface TinyWorkerOptions {
  readonly natsUrl: string;
  readonly slots: number;
  /** Models it offers. */
  readonly models: readonly string[];
  /** Those of them that it has loaded. */
  readonly warm?: readonly string[];
  readonly pool?: string;
  readonly gpu?: string;
  /** The longest side of its pictures, in pixels. */
  readonly sidePx?: number;
  /** Completes every attempt at once; otherwise a test decides. */
  readonly eager: boolean;
  /** Refuses every assignment with this code. */
  readonly refuses?: string;
}

const telemetry = startTelemetry({ service: 'tiny-worker', logLevel: 'silent' });
const HEARTBEAT_MS = 100;

/** A worker without an engine, which does what a test tells it to. */
export class TinyWorker {
  readonly workerId = `tiny-${newUuid()}`;
  readonly incarnation = newUuid();
  /** Everything that was ever assigned to it, in order. */
  readonly assigned: Assignment[] = [];
  readonly cancelled: string[] = [];
  readonly dropped: string[] = [];
  /** What it believes to hold, by job. */
  readonly holds = new Map<string, number>();
  private readonly reporting = new Set<string>();
  refuses: string | undefined;
  /** Why it fails its canaries; `undefined`: it passes them. */
  failsCanaries: string | undefined;
  /** Models of the canaries that it was asked for. */
  readonly canaries: string[] = [];
  /** What it was last told about a quarantine of its own. */
  quarantined: { reason: string; provesAt: string | null } | null = null;
  /** While set, it thinks that long about each assignment before it answers. */
  ponders: Promise<unknown> | undefined;
  /** Heartbeats that nobody answered. */
  unanswered = 0;
  private timer: NodeJS.Timeout | undefined;
  private requests!: RequestClient;
  private server!: SafelightServer;
  private bus!: BusConnection;

  private constructor(private readonly options: TinyWorkerOptions) {
    this.refuses = options.refuses;
  }

  /** Resolves once the dispatcher has heard of it. */
  static async start(
    options: Partial<TinyWorkerOptions> & { natsUrl: string },
  ): Promise<TinyWorker> {
    const worker = new TinyWorker({ slots: 1, models: ['test/dot'], eager: false, ...options });
    await worker.connect();
    await eventually(async () => {
      await worker.offer();
      return true;
    });
    worker.wake();
    return worker;
  }

  /** Says what it offers and holds. */
  async offer(): Promise<void> {
    const { slots, models, warm = [], pool, gpu, sidePx = 1_024 } = this.options;
    const { drop, quarantined } = await this.requests.request(offerSlots, {
      ...{
        workerId: this.workerId,
        incarnation: this.incarnation,
        engine: 'tiny',
        warm: [...warm],
        ...(pool === undefined ? {} : { pool }),
        ...(gpu === undefined ? {} : { gpu: { name: gpu, vramBytes: 8e9, freeVramBytes: 8e9 } }),
      },
      ...{ slots, freeSlots: Math.max(0, slots - this.taken) },
      models: models.map((name) => ({
        ...{ name, description: 'a dot', operations: ['generate' as const], defaultSteps: 7 },
        ...{ maxWidth: sidePx, maxHeight: sidePx, gpuSecondsPerMegapixelStep: 1 },
      })),
      leases: [...this.holds].map(([jobId, attempt]) => ({ jobId, attempt })),
    });
    this.quarantined = quarantined;
    for (const { jobId, attempt } of drop) {
      this.dropped.push(`${jobId} ${attempt}`);
      if (this.holds.get(jobId) === attempt) this.holds.delete(jobId);
    }
  }

  complete({ jobId, attempt }: { jobId: string; attempt: number }): Promise<boolean> {
    return this.reported(jobId, attempt, completeAttempt, {
      ...this.report(jobId, attempt),
      outputs: [
        {
          ...{ outputId: newId('out'), key: `jobs/${jobId}/${attempt}/o.png`, bytes: 10, seed: 1 },
          ...{ digest: 'a'.repeat(64), mediaType: 'image/png', width: 512, height: 512 },
        },
      ],
    });
  }

  fail(
    { jobId, attempt }: { jobId: string; attempt: number },
    { code = 'engine.failed', retryable = true } = {},
  ): Promise<boolean> {
    const report = { ...this.report(jobId, attempt), code, message: 'it broke', retryable };
    return this.reported(jobId, attempt, failAttempt, report);
  }

  /** The attempt at a job, once it was assigned here. */
  has(jobId: string, attempt = 1): Promise<Assignment> {
    return eventually(() =>
      this.assigned.find((each) => each.jobId === jobId && each.attempt === attempt),
    );
  }

  /** Says nothing of itself any more unless told to; still answers. */
  hush(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** As SIGSTOP does: no heartbeat any more, and no answer, but it remembers everything. */
  async suspend(): Promise<void> {
    this.hush();
    await this.server.close();
  }

  /** Disconnects without a word. */
  async die(): Promise<void> {
    this.hush();
    if (!this.bus.nc.isClosed()) await this.bus.nc.close();
  }

  private async connect(): Promise<void> {
    const { logger } = telemetry;
    this.bus = await connectBus({ url: this.options.natsUrl, name: this.workerId, logger });
    this.requests = new RequestClient(this.bus, telemetry);
    const server = { bus: this.bus, telemetry, service: this.workerId, streams: [] };
    this.server = new SafelightServer(server);
    this.server.answer(assignTo(this.incarnation), (assignment) => this.accept(assignment));
    this.server.answer(cancelOn(this.incarnation), ({ jobId }) => {
      this.cancelled.push(jobId);
      return { cancelled: this.holds.delete(jobId) };
    });
    this.server.answer(proveWorker(this.incarnation), ({ model }) => {
      this.canaries.push(model);
      if (this.failsCanaries !== undefined) throw new DomainError(this.failsCanaries);
      // As a workflow with a size of its own.
      return { width: 768, height: 768, gpuMs: 1 };
    });
    await new Promise<void>((resolve, reject) => {
      void this.server.listen((error) => {
        if (error === undefined) resolve();
        else reject(new Error('the worker cannot listen', { cause: error }));
      });
    });
  }

  private wake(): void {
    const beat = () => this.offer().catch(() => void (this.unanswered += 1));
    this.timer = setInterval(() => void beat(), HEARTBEAT_MS);
  }

  private async accept(assignment: Assignment): Promise<{ accepted: true }> {
    if (this.refuses !== undefined) throw new DomainError(this.refuses);
    if (this.taken >= this.options.slots) throw new DomainError('worker.busy');
    this.assigned.push(assignment);
    this.holds.set(assignment.jobId, assignment.attempt);
    await this.ponders;
    if (this.options.eager) void this.complete(assignment).catch(() => undefined);
    return { accepted: true };
  }

  /** The slot is free from now on; the lease is named until the report was answered. */
  private async reported<Op extends typeof completeAttempt | typeof failAttempt>(
    jobId: string,
    attempt: number,
    operation: Op,
    report: z.input<Op['request']>,
  ): Promise<boolean> {
    this.reporting.add(jobId);
    const { accepted } = await this.requests.request<typeof completeAttempt | typeof failAttempt>(
      operation,
      report,
    );
    this.reporting.delete(jobId);
    if (this.holds.get(jobId) === attempt) this.holds.delete(jobId);
    return accepted;
  }

  private get taken(): number {
    return [...this.holds.keys()].filter((jobId) => !this.reporting.has(jobId)).length;
  }

  private report(jobId: string, attempt: number) {
    return { workerId: this.workerId, incarnation: this.incarnation, jobId, attempt, gpuMs: 12 };
  }
}
