import { explainJob } from '@safelight/gpu-dispatch';
import { command, ended, Refusal } from './command.js';
import { jobIn } from './credit-words.js';

/** `npm run ops -- job explain`: the schedule's reasons, with the accounts that a customer may not see. */
export const explain = command({
  noun: 'job',
  verb: 'explain',
  about:
    'Tell why a job got its worker when it did, whom it went before, and where its account stood',
  options: { job: { type: 'string', value: 'JOB', about: 'the id of the job' } },
  run: async ({ job }, { say, databaseUrl }) => {
    const jobId = jobIn(job);
    const lines = await explainJob(await databaseUrl('dispatch'), jobId);
    if (lines.length === 0) throw new Refusal(`The dispatcher never heard of ${jobId}.`);
    for (const line of lines) say(line);
    return ended.fine;
  },
});
