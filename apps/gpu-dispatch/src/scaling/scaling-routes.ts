import { readScaling, type PoolScaling } from '@safelight/contracts';
import type { RequestClient } from '@safelight/messaging';
import type { OpsAnswer } from '@safelight/telemetry';

const RETRY = 'no dispatcher leads at present; ask again in a few seconds';

/**
 * `/scaling` and `/scaling/{pool}` on the ops port, in the snake_case that KEDA's `metrics-api` is
 * told to read a number from. Any replica answers: the one that leads is asked for it.
 */
export const scalingRoutes = (requests: RequestClient) => ({
  scaling: async (path: readonly string[]): Promise<OpsAnswer> => {
    let pools: readonly PoolScaling[];
    try {
      ({ pools } = await requests.request(readScaling, {}));
    } catch {
      return { status: 503, body: { error: RETRY } };
    }
    const [name, ...rest] = path;
    if (name === undefined) return { status: 200, body: { pools: pools.map(present) } };
    const found = rest.length === 0 ? pools.find(({ pool }) => pool === name) : undefined;
    if (found !== undefined) return { status: 200, body: present(found) };
    return {
      status: 404,
      body: { error: `no such pool; known: ${pools.map(({ pool }) => pool).join(', ')}` },
    };
  },
});

const present = (scaling: PoolScaling) => ({
  pool: scaling.pool,
  desired: scaling.desired,
  workers: scaling.workers,
  busy: scaling.busy,
  waiting_jobs: scaling.waitingJobs,
  backlog_gpu_seconds: scaling.backlogGpuSeconds,
  target_wait_seconds: scaling.targetWaitSeconds,
  buffer: scaling.buffer,
  min: scaling.min,
  max: scaling.max,
  cold_start_seconds: scaling.coldStartSeconds,
  idle_seconds: scaling.idleSeconds,
  reasons: scaling.reasons,
});
