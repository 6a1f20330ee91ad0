import { FairQueue } from '../schedule/fair-queue.js';
import { Fleet } from './fleet.js';
import { Random } from './random.js';
import { meanGpuMs, queuedJobOf, workload } from './workload.js';

const DECISIONS = 20_000;

/** The same decisions are made so often: other programs on the machine disturb some of them once. */
const TIMES = 5;

/** How long decisions took, in microseconds of the wall clock: the fastest of a few times for each. */
export interface DecisionCost {
  readonly queued: number;
  readonly decisions: number;
  readonly p50: number;
  readonly p99: number;
}

/** Measures decisions of a queue that stays this long: for each job that is taken another one comes. */
export function measureDecisions(queued: number, gpus: number, seed: number): DecisionCost {
  const micros = timedOnce(queued, gpus, seed);
  for (let time = 1; time < TIMES; time += 1) {
    const again = timedOnce(queued, gpus, seed);
    for (const [index, each] of again.entries()) {
      micros[index] = Math.min(micros[index] ?? each, each);
    }
  }
  micros.sort((a, b) => a - b);
  const at = (share: number) => micros[Math.floor(share * micros.length)] ?? 0;
  return { queued, decisions: micros.length, p50: at(0.5), p99: at(0.99) };
}

function timedOnce(queued: number, gpus: number, seed: number): number[] {
  const jobs = workload({
    ...{ gpus, seed, load: 1, jobs: queued + DECISIONS },
    ...{ abuse: 0.3, abusers: 1, swing: 0, periodSeconds: 1 },
  });
  const fleet = new Fleet(gpus, new Random(seed));
  const queue = new FairQueue({
    warmSlots: ({ model }) => fleet.warmSlots(model),
    loadMs: meanGpuMs,
  });
  const micros: number[] = [];
  for (const job of jobs) {
    queue.add(queuedJobOf(job));
    if (queue.size <= queued) continue;
    const gpu = fleet.turn();
    const startedMs = performance.now();
    const taken = queue.take({ models: fleet.models, warm: gpu.warm }, job.arrivesMs);
    micros.push((performance.now() - startedMs) * 1_000);
    if (taken === undefined) continue;
    fleet.load(gpu, taken.job.model);
    queue.settle(taken.job.jobId, taken.job.predictedGpuMs);
  }
  return micros;
}
