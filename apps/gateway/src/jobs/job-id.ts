import { jobId } from '@safelight/contracts';
import { notFound } from '../http/refusals.js';

/** An id that no job can have answers like a job that never was. @throws Problem NOT_FOUND */
export function known(id: string): string {
  if (!jobId.safeParse(id).success) throw notFound();
  return id;
}
