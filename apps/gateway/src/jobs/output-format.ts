import type { GenerateRequest } from '@safelight/contracts';
import { Problem } from '../http/problem.js';

type Output = GenerateRequest['output'];

/**
 * The format of the outputs.
 *
 * @throws Problem VALIDATION_ERROR where they are to go into a bucket of the customer's: there are no
 *   credentials for those anywhere yet
 */
export function formatOf({ format, storage }: Output): Output['format'] {
  if (storage === undefined) return format;
  const message =
    'is not possible: this deployment has no outbound storage configured; leave it out, and download the outputs from the links of the job';
  throw new Problem('VALIDATION_ERROR', `/output/storage ${message}.`, {
    errors: [{ pointer: '/output/storage', message }],
  });
}
