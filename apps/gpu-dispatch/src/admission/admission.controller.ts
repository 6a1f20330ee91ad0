import { Controller, Inject } from '@nestjs/common';
import { admitJob, listModels, type ModelOffer } from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import type { z } from 'zod';
import { Dispatcher } from '../dispatcher/dispatcher.js';
import { REIGN_PARTS } from '../dispatcher/reign-parts.js';
import type { ReignParts } from '../dispatcher/reign-parts.js';
import { forecast, unavailable } from './admission.js';
import { chooseModel } from './fit.js';

type Question = z.output<typeof admitJob.request>;

const RETRY_NO_MODEL_SECONDS = 5;

/** Models of the engine that needs no GPU: all that test keys may use. */
const isBuiltin = (model: string): boolean => model.startsWith('builtin/');

/** Can this be served, and when? */
@Controller()
export class AdmissionController {
  private readonly sinceMs = performance.now();

  constructor(
    @Inject(Dispatcher) private readonly dispatcher: Dispatcher,
    @Inject(REIGN_PARTS) private readonly parts: ReignParts,
  ) {}

  @Answers(admitJob)
  admit({ accountId, spec, needs }: Question): z.output<typeof admitJob.reply> {
    const offer = this.choose({ spec, needs });
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
    return { model, steps, etaSeconds, etaP90Seconds: null, queuePosition: ahead.jobs };
  }

  @Answers(listModels)
  models(): z.input<typeof listModels.reply> {
    const { roster } = this.parts.board;
    const { catalogue } = this.dispatcher;
    const preferred = this.parts.config.DEFAULT_MODEL ?? catalogue.names[0];
    const offers = catalogue.names.flatMap((name) => catalogue.get(name) ?? []);
    const served = offers.filter(({ name }) => roster.slotsFor(name).slots > 0);
    return {
      models: served.map((offer) => ({
        offer,
        state: roster.isWarm(offer.name) ? 'warm' : 'cold',
        isDefault: offer.name === preferred,
      })),
    };
  }

  private choose({ spec, needs }: Pick<Question, 'spec' | 'needs'>): ModelOffer {
    const { offers: all } = this.dispatcher.catalogue;
    const test = spec.test !== undefined;
    const offers = test ? all.filter(({ name }) => isBuiltin(name)) : all;
    if (offers.length === 0) throw unavailable(RETRY_NO_MODEL_SECONDS);
    return chooseModel(offers, { spec, needs }, this.parts.config.DEFAULT_MODEL, test);
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
