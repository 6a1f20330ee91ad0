import { Controller, Inject } from '@nestjs/common';
import { admitJob, type ModelOffer } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { Answers } from '@safelight/messaging';
import type { z } from 'zod';
import { Dispatcher } from '../dispatcher/dispatcher.js';
import { REIGN_PARTS } from '../dispatcher/reign-parts.js';
import type { ReignParts } from '../dispatcher/reign-parts.js';
import { forecast, requireFit, unavailable } from './admission.js';

type Question = z.output<typeof admitJob.request>;

const RETRY_NO_MODEL_SECONDS = 5;

/** Can this be served, and when? */
@Controller()
export class AdmissionController {
  private readonly sinceMs = performance.now();

  constructor(
    @Inject(Dispatcher) private readonly dispatcher: Dispatcher,
    @Inject(REIGN_PARTS) private readonly parts: ReignParts,
  ) {}

  @Answers(admitJob)
  admit({ accountId, spec }: Question): z.output<typeof admitJob.reply> {
    const offer = this.choose(spec.model);
    requireFit(offer, spec);
    const { board, config } = this.parts;
    const { name: model } = offer;
    const steps = spec.steps ?? offer.defaultSteps;
    const rivals = board.roster.rivalsOf(model);
    const ahead = board.queue.workAhead({ accountId, lane: spec.lane }, rivals);
    // A dispatcher that just started gives workers the time to show up.
    const lastOffered = board.roster.lastOffered(model) ?? this.sinceMs;
    const prospects = {
      ...{ silentMs: performance.now() - lastOffered, ahead },
      ...board.roster.slotsFor(model),
      runningGpuMs: this.runningGpuMs(rivals),
      ownGpuMs: board.speeds.predict({ ...spec, model, steps }),
    };
    const { etaSeconds } = forecast(prospects, config.MAX_WAIT_SECONDS * 1_000);
    return { model, steps, etaSeconds, queuePosition: ahead.jobs };
  }

  private choose(model: string | null): ModelOffer {
    const { catalogue } = this.dispatcher;
    const offer = catalogue.get(
      model ?? this.parts.config.DEFAULT_MODEL ?? catalogue.names[0] ?? '',
    );
    if (offer !== undefined) return offer;
    if (model === null || catalogue.names.length === 0) throw unavailable(RETRY_NO_MODEL_SECONDS);
    throw new DomainError('model.unknown', { model, models: catalogue.names });
  }

  /** What the running jobs for these models still need, by their predictions. */
  private runningGpuMs(models: ReadonlySet<string>): number {
    const now = performance.now();
    return this.parts.board.leased().reduce((sum, { job, lease }) => {
      if (lease === undefined || !models.has(job.model)) return sum;
      return sum + Math.max(0, job.predictedGpuMs - (now - lease.sinceMs));
    }, 0);
  }
}
