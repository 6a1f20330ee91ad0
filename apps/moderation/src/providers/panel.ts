import type { Telemetry } from '@safelight/telemetry';
import type { Signals } from '../decisions/signals.js';
import { Breaker } from './breaker.js';
import { merged } from './codes.js';
import {
  LOCAL,
  type Artefact,
  type Provider,
  ProviderIndeterminate,
  type Stage,
} from './provider.js';

/** All who are asked about something: every one of them has to answer, and the highest score counts. */
export class Panel {
  private readonly seats: readonly { readonly provider: Provider; readonly breaker: Breaker }[];

  constructor(
    providers: readonly Provider[],
    private readonly logger: Telemetry['logger'],
  ) {
    this.seats = providers.map((provider) => ({ provider, breaker: new Breaker() }));
  }

  /** Those elsewhere, for receipts. */
  namesFor(stage: Stage): string[] {
    const elsewhere = this.seatsFor(stage).filter((seat) => !isHere(seat));
    return elsewhere.map(({ provider }) => nameOf(provider));
  }

  /**
   * First those in this process; where what they say is enough, the words go nowhere else.
   *
   * @returns what all say, and who was asked, for receipts
   * @throws ProviderIndeterminate when one of them does not say what it measures
   */
  async evaluate(
    stage: Stage,
    artefact: Artefact,
    isEnough: (signals: Signals) => boolean = () => false,
  ): Promise<{ signals: Signals; asked: string[] }> {
    const seats = this.seatsFor(stage);
    const [here, elsewhere] = [seats.filter(isHere), seats.filter((seat) => !isHere(seat))];
    const ask = (some: typeof seats) =>
      Promise.all(some.map((seat) => this.ask(seat, stage, artefact)));
    const own = merged(await ask(here));
    if (elsewhere.length === 0 || isEnough(own)) return { signals: own, asked: [] };
    const signals = merged([own, ...(await ask(elsewhere))]);
    return { signals, asked: elsewhere.map(({ provider }) => nameOf(provider)) };
  }

  /** For health. */
  status() {
    const providers = this.seats.map(({ provider, breaker }) => ({
      ...{ name: provider.name, model: provider.model, stages: provider.stages },
      breaker: breaker.state,
    }));
    return { providers };
  }

  private seatsFor(stage: Stage) {
    return this.seats.filter(({ provider }) => provider.stages.includes(stage));
  }

  private async ask(
    { provider, breaker }: Panel['seats'][number],
    stage: Stage,
    artefact: Artefact,
  ): Promise<Signals> {
    try {
      return await breaker.run(() => inTime(provider, stage, artefact));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      this.logger.warn({ err: cause, provider: provider.name }, 'a provider has no verdict');
      throw new ProviderIndeterminate(provider.name, why, { cause });
    }
  }
}

const nameOf = ({ name, model }: Provider): string => `${name}/${model}`;
const isHere = ({ provider }: { readonly provider: Provider }): boolean => provider.name === LOCAL;

/** Late is late, also where the provider does not look at the deadline. */
async function inTime(provider: Provider, stage: Stage, artefact: Artefact): Promise<Signals> {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const given = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`it did not answer within ${provider.patienceMs} ms`);
      late.abort(error);
      reject(error);
    }, provider.patienceMs);
  });
  try {
    return await Promise.race([
      provider.evaluate({ stage, artefact, deadline: late.signal }),
      given,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
