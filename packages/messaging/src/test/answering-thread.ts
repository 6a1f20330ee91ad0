import { parentPort, workerData } from 'node:worker_threads';
import { connect } from '@nats-io/transport-node';

/**
 * A thread that answers the requests of one message, so that it can do so while the thread that asked
 * has no time. It tells when it is there, and when it has a request.
 */
const { url, subject, answerAfterMs } = workerData as {
  readonly url: string;
  readonly subject: string;
  readonly answerAfterMs: number;
};

const nc = await connect({ servers: url });
nc.subscribe(subject, {
  callback: (_error, message) => {
    const { requests } = message.json<{ requests: { id: string }[] }>();
    parentPort?.postMessage('asked');
    setTimeout(() => {
      message.respond(JSON.stringify(requests.map(({ id }) => ({ id, ok: {} }))));
    }, answerAfterMs);
  },
});
await nc.flush();
parentPort?.postMessage('there');
