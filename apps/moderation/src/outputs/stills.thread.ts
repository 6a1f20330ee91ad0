import { parentPort, workerData } from 'node:worker_threads';
import { decodedStills } from './decoded-stills.js';
import type { Still } from './stills.js';

const port = parentPort;
if (port === null) throw new Error('this runs as a thread of moderation');

const stills = decodedStills(workerData as Uint8Array<ArrayBuffer>);
port.on('message', () => void answer());

async function answer(): Promise<void> {
  const next = await stills.next();
  const still: Still = next.done === true ? null : next.value;
  port?.postMessage(still);
}
