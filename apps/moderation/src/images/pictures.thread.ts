import { parentPort } from 'node:worker_threads';
import { proveBy } from './known-answers.js';
import { Models } from './looking.js';
import type { FromThread, ToThread } from './picture-models.js';

const port = parentPort;
if (port === null) throw new Error('this runs as a thread of moderation');
const say = (word: FromThread): void => port.postMessage(word);

// What cannot be loaded or does not give the known answers ends the thread with its reason.
const begun = performance.now();
const models = await Models.load();
const loadedMs = performance.now() - begun;
await proveBy(models);
say({ type: 'proven', loadedMs, provenMs: performance.now() - begun - loadedMs });

// One after the other: a model keeps the thread busy anyway.
let last: Promise<void> = Promise.resolve();
port.on('message', (asked: ToThread) => {
  last = last.then(() => answer(asked));
});

async function answer({ id, picture, question }: ToThread): Promise<void> {
  try {
    say({ type: 'seen', id, seen: await models.look(picture, question) });
  } catch (error) {
    say({ type: 'failed', id, fault: error instanceof Error ? error.message : String(error) });
  }
}
