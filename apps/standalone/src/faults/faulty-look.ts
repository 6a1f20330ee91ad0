import { setTimeout as pause } from 'node:timers/promises';
import type { OutputClassifier } from '@safelight/moderation';
import { seeded } from '../test/random.js';

type Finding = Awaited<ReturnType<OutputClassifier['look']>>;
type Fault = (random: () => number) => Promise<Finding>;

const nothingFound: Finding = { unsafe: false, category: 'none' };
const DAY_MS = 24 * 60 * 60 * 1_000;
const SLOW_MS = 200;
const right = { now: Date.now.bind(Date) };

/** How a look at a picture goes wrong, and how often of a hundred looks. */
const faults: readonly (readonly [string, number, Fault])[] = [
  ['throws', 24, () => Promise.reject(new Error('the classifier failed'))],
  // What weights that were read wrong give: something, but no finding.
  ['tells nonsense', 8, async () => ({ unsafe: 'NaN', category: 7 }) as unknown as Finding],
  ['tells nothing', 8, async () => undefined as unknown as Finding],
  ['hangs', 2, () => new Promise(() => undefined)],
  ['is slow', 8, () => pause(SLOW_MS, nothingFound)],
  ['dies', 0.5, async () => dieNow()],
  ['has its clock put wrong', 8, async (random) => clockOffBy((random() - 0.5) * 2 * DAY_MS)],
];

function dieNow(): Finding {
  process.kill(process.pid, 'SIGKILL');
  return nothingFound;
}

/** From now on, as when somebody sets the machine's clock; what measures durations goes on rightly. */
function clockOffBy(ms: number): Finding {
  Date.now = () => Math.round(right.now() + ms);
  return nothingFound;
}

/** @param tell hears of every fault before it happens */
export function faultyLook(seed: number, tell: (fault: string) => void): OutputClassifier {
  const random = seeded(seed);
  return {
    name: 'test-faults/1',
    look: async () => {
      let left = random() * 100;
      for (const [name, share, happen] of faults) {
        left -= share;
        if (left >= 0) continue;
        tell(name);
        return happen(random);
      }
      return nothingFound;
    },
  };
}
