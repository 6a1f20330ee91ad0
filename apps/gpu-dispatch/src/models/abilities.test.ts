import { describe, expect, it } from '@jest/globals';
import { modelOffer, type ModelOffer } from '@safelight/contracts';
import { covers, narrowest } from './abilities.js';

const offer = (more: Partial<ModelOffer> = {}): ModelOffer =>
  modelOffer.parse({
    ...{ name: 'm', description: '', operations: ['generate', 'edit'], maxWidth: 1_024 },
    ...{ maxHeight: 1_024, defaultSteps: 20, gpuSecondsPerMegapixelStep: 1 },
    ...{ features: ['sampler', 'vae'], ...more },
  });

describe('offers of one model that differ', () => {
  it('promise together what each of them does', () => {
    const wide = offer({ maxWidth: 4_096, features: ['vae', 'loras'], parts: ['a', 'b'] });
    const long = offer({ operations: ['generate'], maxSeconds: 10, parts: ['b'] });
    expect(narrowest([wide, long])).toEqual(
      offer({ operations: ['generate'], features: ['vae'], parts: ['b'], maxSeconds: 10 }),
    );
    const flow = offer({ samplers: ['Euler'], requires: ['image'], lacks: ['automask'] });
    expect(narrowest([offer(), flow])).toEqual(flow);
    expect(narrowest([flow, offer()])).toEqual(flow);
    expect(narrowest([offer(), wide]).parts).toEqual(['a', 'b']);
  });

  it('cover each other where nothing is missing', () => {
    const wide = offer({ maxWidth: 4_096, features: ['loras', 'vae', 'sampler'] });
    expect([covers(wide, offer()), covers(offer(), wide)]).toEqual([true, false]);
    expect(covers(offer(), offer())).toBe(true);
    expect(covers(offer({ maxSeconds: 5 }), offer())).toBe(false);
    expect(covers(offer({ parts: [] }), offer({ parts: ['a'] }))).toBe(false);
    // How fast it is, and what it says of itself, is no matter.
    expect(covers(offer({ description: 'x', gpuSecondsPerMegapixelStep: 9 }), offer())).toBe(true);
  });
});
