import type { Egress } from '@safelight/egress';
import { startWebhooks } from '../service.js';
import { egressOfTest } from './webhook-world.js';

/** A sender in a process of its own. With `die-after-answer` it dies before it can write one down. */
const dying: Egress = {
  ...egressOfTest,
  fetch: async (url, request) => {
    const answer = await egressOfTest.fetch(url, request);
    process.kill(process.pid, 'SIGKILL');
    // The signal is on its way: nothing may come after it.
    await new Promise(() => undefined);
    return answer;
  },
};

const egress = process.argv[2] === 'die-after-answer' ? dying : egressOfTest;
const service = await startWebhooks(process.env, {}, { egress });
process.once('SIGTERM', () => void service.close().then(() => process.exit(0)));
