import { progress, progressSubject } from '@safelight/contracts';
import type { BusConnection } from '@safelight/messaging';
import type { ProgressBoard } from './job.progress.js';

/**
 * Every instance listens to the progress of all jobs, over core NATS: any of them may be asked.
 * @returns stops listening
 */
export function followProgress({ nc }: BusConnection, board: ProgressBoard): () => Promise<void> {
  const subscription = nc.subscribe(progressSubject('*'), {
    callback: (error, message) => {
      if (error !== null) return;
      const heard = progress.safeParse(contentOf(message));
      if (heard.success) board.note(heard.data);
    },
  });
  return async () => {
    if (!nc.isClosed()) await subscription.drain();
  };
}

/** What is not JSON gives `undefined`, which the schema does not accept. */
function contentOf(message: { json(): unknown }): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}
