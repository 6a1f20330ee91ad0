import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileExtensions, type JobResource } from '@safelight/contracts';
import type { TimelineEntry } from './client.js';
import { ApiClient } from './client.js';
import { follow } from './follow.js';

export interface TourPlan {
  readonly url: string;
  readonly apiKey: string;
  readonly prompt: string;
  /** Folder that pictures are saved to. */
  readonly pictures: string;
}

/**
 * The main job, through the public API as any client would do it: submit, follow, download, and
 * show what happened and what it cost.
 * @throws Error when the job did not complete.
 */
export async function tour(plan: TourPlan, out: NodeJS.WriteStream): Promise<void> {
  const say = (line = '') => out.write(`${line}\n`);
  const client = new ApiClient(plan.url, plan.apiKey);
  say(`  “${plan.prompt}”`);
  const submission = await client.generate({ prompt: plan.prompt });
  say(
    `  ${submission.id}: accepted for ${submission.price} credit, ${submission.creditsRemaining} left`,
  );
  const job = await follow(client, submission.id, out);
  if (job.status !== 'completed') {
    throw new Error(
      `the job ended as ${job.status}: ${job.error?.message ?? 'no reason was given'}`,
    );
  }
  for (const file of await savePictures(client, job, plan.pictures)) say(`\n  Picture   ${file}`);
  say('\n  Timeline');
  for (const line of timelineLines(await client.timeline(job.id))) say(`    ${line}`);
  const credits = await client.credits();
  say(
    `\n  Cost      ${job.charge?.captured ?? '0'} credit; ${credits.available} available, ${credits.held} held`,
  );
}

async function savePictures(
  client: ApiClient,
  job: JobResource,
  folder: string,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  return Promise.all(
    job.outputs.map(async (output, index) => {
      const file = join(
        folder,
        `${job.id}${index === 0 ? '' : `-${index + 1}`}.${fileExtensions[output.media_type]}`,
      );
      await writeFile(file, await client.download(output.url));
      return file;
    }),
  );
}

/** The events of the job with the time that passed since the first of them. */
export function timelineLines(events: readonly TimelineEntry[]): string[] {
  const start = Date.parse(events[0]?.at ?? '');
  return events.map((event) => {
    const since = String(Date.parse(event.at) - start).padStart(6);
    return `${String(event.sequence).padStart(2)}  +${since} ms  ${event.type}`;
  });
}
