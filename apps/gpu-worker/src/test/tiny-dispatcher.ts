import {
  assignTo,
  cancelOn,
  completeAttempt,
  failAttempt,
  fetchInput,
  jobContent,
  jobSpec,
  newId,
  offerSlots,
  stopAttempt,
  type Assignment,
  type JobContent,
  type JobSpec,
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

type Offer = z.output<typeof offerSlots.request>;
type Completion = z.output<typeof completeAttempt.request>;
type Failure = z.output<typeof failAttempt.request>;
type Use = z.output<typeof stopAttempt.request>;

const telemetry = startTelemetry({ service: 'tiny-dispatcher', logLevel: 'silent' });
export const spec: JobSpec = jobSpec.parse({
  ...{ operation: 'generate', model: 'test/slow', width: 64, height: 64, steps: 2, guidance: 1 },
  ...{ images: 1, seed: 7, format: 'png', lane: 'standard', moderationLevel: 1 },
});

/** What a worker talks to, as a test wants it: the dispatcher, and the orchestrator's words. */
export class TinyDispatcher {
  readonly offers: Offer[] = [];
  readonly completed: Completion[] = [];
  readonly failed: Failure[] = [];
  /** What attempts had used that were dropped. */
  readonly stopped: Use[] = [];
  /** While set, completions are of attempts that were superseded. */
  supersedes = false;
  /** Named in the next answers to offers. */
  drop: { jobId: string; attempt: number }[] = [];
  /** While set, reports are answered with an internal error. */
  stumbles = false;
  /** What a worker is given to work with. */
  content: JobContent = jobContent.parse({ prompt: 'a dot', negativePrompt: '' });
  leaseMs = 1_000;
  epoch = 5;
  private server: SafelightServer | undefined;

  private constructor(readonly bus: BusConnection) {}

  static async start(natsUrl: string): Promise<TinyDispatcher> {
    const { logger } = telemetry;
    const bus = await connectBus({ url: natsUrl, name: 'tiny-dispatcher', logger });
    const dispatcher = new TinyDispatcher(bus);
    await dispatcher.listen();
    return dispatcher;
  }

  async listen(): Promise<void> {
    const server = new SafelightServer({
      ...{ bus: this.bus, telemetry, service: 'tiny-dispatcher', streams: [] },
    });
    this.server = server;
    server.answer(offerSlots, (offer) => {
      this.offers.push(offer);
      const { epoch, leaseMs, drop } = this;
      return { epoch, heartbeatMs: 50, leaseMs, drop };
    });
    server.answer(completeAttempt, (report) => {
      if (this.stumbles) throw new Error('stumbled');
      this.completed.push(report);
      return { accepted: !this.supersedes };
    });
    server.answer(failAttempt, (report) => {
      this.failed.push(report);
      return { accepted: true };
    });
    server.answer(stopAttempt, (report) => {
      this.stopped.push(report);
      return { accepted: true };
    });
    server.answer(fetchInput, ({ jobId }) => {
      if (jobId === this.unknown) throw new DomainError('job.not_found');
      return { accountId: newId('acc'), spec, content: this.content };
    });
    await new Promise<void>((resolve, reject) => {
      void server.listen((error) => {
        if (error === undefined) resolve();
        else reject(new Error('the dispatcher cannot listen', { cause: error }));
      });
    });
  }

  /** A job that the orchestrator does not know. */
  readonly unknown = newId('job');

  /** Answers nobody any more. */
  async silence(): Promise<void> {
    await this.server?.close();
    this.server = undefined;
  }

  async close(): Promise<void> {
    await this.silence();
    await this.bus.close();
  }

  /** Assigns an attempt to the worker that offered last. */
  async assign(part: Partial<Assignment> = {}): Promise<Assignment> {
    const assignment: Assignment = {
      ...{ jobId: newId('job'), accountId: newId('acc'), attempt: 1, epoch: this.epoch, spec },
      ...{ deadlineAt: new Date(Date.now() + 60_000).toISOString(), submission: null },
      ...part,
    };
    const { incarnation } = await this.offer(() => true);
    await this.requests.request(assignTo(incarnation), assignment);
    return assignment;
  }

  async cancel({ jobId, attempt }: Assignment): Promise<boolean> {
    const { incarnation } = await this.offer(() => true);
    return (await this.requests.request(cancelOn(incarnation), { jobId, attempt })).cancelled;
  }

  /** An offer like this one: the newest that came, or the next that comes. */
  offer(like: (offer: Offer) => boolean): Promise<Offer> {
    return eventually(() => {
      const newest = this.offers.at(-1);
      return newest !== undefined && like(newest) && newest;
    });
  }

  private get requests(): RequestClient {
    return new RequestClient(this.bus, telemetry);
  }
}
