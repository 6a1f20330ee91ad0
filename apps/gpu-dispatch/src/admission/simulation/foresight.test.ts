import { describe, expect, it } from '@jest/globals';
import { simulateForesight, type Outcome } from './foresight.js';
import { goodnessOf, isNear, shareOf } from './goodness.js';

describe('what is foreseen, against what comes', () => {
  // One short, steep wave over few GPUs: harder than the waves of 20 minutes over 60 GPUs that
  // `npm run simulate:eta` measures (80.7 to 82.5%), and cheap enough to be run always.
  const seen = simulateForesight({
    ...{ gpus: 30, load: 0.85, jobs: 900, seed: 1, maxWaitMs: 60_000 },
    ...{ abuse: 0.3, abusers: 1, swing: 0.6, periodSeconds: 600 },
  });
  const goodness = goodnessOf(seen);
  const nearOf = (told: (outcome: Outcome) => number) =>
    shareOf(seen.outcomes, (outcome) => isNear(told(outcome), outcome.tookMs));

  it('is near for three of four as told, and good for nine of ten as told', () => {
    expect(seen.outcomes.length).toBeGreaterThan(500);
    expect(goodness.within30).toBeGreaterThan(0.755);
    expect(goodness.withinP90).toBeGreaterThan(0.86);
  });

  it('is better than to look away from waits, or from loads', () => {
    const noWait = nearOf(({ foreseen }) => foreseen.finishMs.p50 - foreseen.startMs.p50);
    const noLoad = nearOf(({ foreseen }) => foreseen.finishMs.p50 - foreseen.loadMs);
    expect(goodness.within30 - noWait).toBeGreaterThan(0.08);
    expect(goodness.within30).toBeGreaterThan(noLoad);
  });

  it('lets in who comes when told, and holds the bound', () => {
    expect(goodness.returned).toBeGreaterThan(100);
    expect(goodness.honest).toBeGreaterThan(0.85);
    expect(goodness.waitP95Ms).toBeLessThan(60_000);
  });

  it('costs a few runs for each that asks', () => {
    expect(goodness.runs).toBeLessThan(4);
    expect(goodness.decisions).toBeLessThan(600);
  });
});
