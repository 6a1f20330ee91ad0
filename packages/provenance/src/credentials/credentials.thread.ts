import { parentPort } from 'node:worker_threads';
import type { Asked } from './credentials-reader.js';
import { readCredentials } from './reading.js';

parentPort?.on('message', ({ file, mediaType, own }: Asked) => {
  readCredentials(file, mediaType, own).then(
    (read) => parentPort?.postMessage(read),
    (error: unknown) => {
      throw error;
    },
  );
});
