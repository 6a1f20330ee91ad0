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

  it('is taken up without names that no database holds, and with its other texts mended', () => {
    const told: Untaken[] = [];
    const offers = new ServedOffers((untaken) => told.push(untaken));
    const texts = { description: 'a\0b', features: ['vae', 'x\0'], parts: ['ok.pt', '\uDC80.pt'] };
    const made = offer([model('ink', texts), model('in\0k')], ['ink', 'in\0k']);
    const { models, warm, engine, tags, gpu } = offers.of({
      ...{ ...made, engine: 'e\0', tags: ['rack\uD800'] },
      gpu: { name: 'L\0', vramBytes: 1, freeVramBytes: 1 },
    });
    const clean = { description: 'a\uFFFDb', features: ['vae'], parts: ['ok.pt'] };
    expect(models).toEqual([{ ...made.models[0], ...clean }]);
    expect([warm, engine, tags, gpu?.name]).toEqual([
      ...[['ink'], 'e\uFFFD', ['rack\uFFFD'], 'L\uFFFD'],
    ]);
    expect(told.map(({ name }) => name)).toEqual(['\uFFFD.pt', 'in\uFFFDk']);
  });

  it('is refused where a worker’s own name is none that can be kept', () => {
    const { success } = offerSlots.request.safeParse({ ...offer([]), pool: 'a\0' });
    expect(success).toBe(false);
    expect(offerSlots.request.safeParse({ ...offer([]), workerId: '\uD800' }).success).toBe(false);
  });

  it('is taken up as it is otherwise', () => {
    const made = offer([model('ink', { parts: ['a.pt'] }), model('video', { parts: undefined })]);
    expect(new ServedOffers(() => undefined).of(made)).toBe(made);
  });
});
