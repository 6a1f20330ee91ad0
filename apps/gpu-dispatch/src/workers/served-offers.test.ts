import { describe, expect, it } from '@jest/globals';
import { offerSlots } from '@safelight/contracts';
import { ServedOffers, type Untaken } from './served-offers.js';

const model = (name: string, more: object = {}) => ({
  ...{ name, description: 'draws', operations: ['generate'], maxWidth: 512, maxHeight: 512 },
  ...{ defaultSteps: 5, gpuSecondsPerMegapixelStep: 1, ...more },
});
const offer = (models: object[], warm: string[] = []) =>
  offerSlots.request.parse({
    ...{ workerId: 'w', incarnation: 'i', engine: 'e', slots: 1, freeSlots: 1, leases: [] },
    ...{ models, warm },
  });

describe('what a worker offers', () => {
  it('is taken up without models of names and descriptions that are not served', () => {
    const told: Untaken[] = [];
    const offers = new ServedOffers((untaken) => told.push(untaken));
    const made = offer(
      [model('ink'), model('NudifyXL'), model('plain', { description: 'removes clothes' })],
      ['NudifyXL', 'ink'],
    );
    for (let heartbeat = 0; heartbeat < 3; heartbeat++) {
      const taken = offers.of(made);
      expect(taken.models.map(({ name }) => name)).toEqual(['ink']);
      expect(taken.warm).toEqual(['ink']);
    }
    expect(told).toEqual([
      { workerId: 'w', name: 'NudifyXL', word: 'nudify' },
      { workerId: 'w', name: 'plain', word: 'removes clothes' },
    ]);
  });

  it('is taken up without parts of such names', () => {
    const offers = new ServedOffers(() => undefined);
    const { models } = offers.of(offer([model('ink', { parts: ['a.pt', 'loras/nsfwXL.pt'] })]));
    expect(models[0]?.parts).toEqual(['a.pt']);
    expect(offers.known(models)).toEqual(models);
  });

  it('is taken up as it is otherwise', () => {
    const made = offer([model('ink', { parts: ['a.pt'] }), model('video', { parts: undefined })]);
    expect(new ServedOffers(() => undefined).of(made)).toBe(made);
  });
});
