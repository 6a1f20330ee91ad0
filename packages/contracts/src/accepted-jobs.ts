import { z } from 'zod';
import { acceptedJob } from './jobs.js';
import { operation } from './operation.js';
import { accountId, jobId } from './scalars.js';

/**
 * What the submission of this job was answered, and its metadata; `null` where there is no such job
 * of the account. For whoever goes on with a submission that another began.
 */
export const findAccepted = operation(
  'jobs.find-accepted',
  z.object({ jobId, accountId }),
  z.object({
    found: z
      .object({ accepted: acceptedJob, metadata: z.record(z.string(), z.string()) })
      .nullable(),
  }),
);
