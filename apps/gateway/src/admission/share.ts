import type { JobSpec } from '@safelight/contracts';
import type { Caller } from './scope.js';

/** What a job's spec says of the plan; nothing where that is what everybody has. */
export function shareOf({ share }: Pick<Caller, 'share'>): Pick<JobSpec, 'share'> {
  return share.weight === 1 && share.runningMax === null ? {} : { share };
}
