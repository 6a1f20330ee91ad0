import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

/** What one closed-loop run measured. */
export interface LoadResult {
  readonly perSecond: number;
  /** Submit latencies, milliseconds. */
  readonly submitMs: readonly number[];
  readonly lifeMs: readonly number[];
  readonly jobs: number;
}

export interface LoadPlan {
  readonly url: string;
  readonly apiKey: string;
  readonly inFlight: number;
  readonly jobs: number;
  /** Sends a fresh Idempotency-Key with each. */
  readonly idempotencyKeys?: boolean;
  /** Resolves when the job has ended; left out, a job counts once it is accepted. */
  readonly ended?: (jobId: string) => Promise<void>;
}

/** Keeps `inFlight` jobs under way until `jobs` are done: the next starts when one ends. */
export async function closedLoop(plan: LoadPlan): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: plan.inFlight });
  const submitMs: number[] = [];
  const lifeMs: number[] = [];
  let left = plan.jobs;
  const started = performance.now();
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      const begun = performance.now();
      const jobId = await submit(plan, agent);
      submitMs.push(performance.now() - begun);
      await plan.ended?.(jobId);
      lifeMs.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: plan.inFlight }, lane));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  return { perSecond: plan.jobs / seconds, submitMs, lifeMs, jobs: plan.jobs };
}

const body = JSON.stringify({
  prompt: 'a plain grey card',
  model: 'builtin/blank',
  width: 256,
  height: 256,
  seed: 1,
});

function submit({ url, apiKey, idempotencyKeys }: LoadPlan, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...(idempotencyKeys === true ? { 'idempotency-key': randomUUID() } : {}),
    };
    const call = request(`${url}/api/v1/generate`, { method: 'POST', agent, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => {
        if (answer.statusCode !== 202) reject(new Error(`HTTP ${answer.statusCode}: ${text}`));
        else resolve((JSON.parse(text) as { data: { id: string } }).data.id);
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}
