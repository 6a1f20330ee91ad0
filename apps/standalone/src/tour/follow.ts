import { setTimeout as wait } from 'node:timers/promises';
import type { JobResource } from '@safelight/contracts';
import type { ApiClient } from './client.js';

const POLL_MS = 120;
const BAR_WIDTH = 30;

export const isOver = (job: JobResource): boolean => job.ended_at !== null;

export function progressBar(job: JobResource): string {
  const filled = Math.round((job.progress / 100) * BAR_WIDTH);
  return `  ${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${String(job.progress).padStart(3)} %  ${job.status}`;
}

/** Follows a job to its end, showing every change. On a terminal the bar moves; in a log it is a line. */
export async function follow(
  client: ApiClient,
  jobId: string,
  out: NodeJS.WriteStream,
): Promise<JobResource> {
  let shown = '';
  for (;;) {
    const job = await client.job(jobId);
    const bar = progressBar(job);
    if (bar !== shown) {
      if (out.isTTY) out.write(`\r${bar}  `);
      else if (isOver(job) || shown === '' || !shown.endsWith(job.status)) out.write(`${bar}\n`);
      shown = bar;
    }
    if (isOver(job)) {
      if (out.isTTY) out.write('\n');
      return job;
    }
    await wait(POLL_MS);
  }
}
