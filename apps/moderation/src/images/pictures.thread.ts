import { parentPort } from 'node:worker_threads';
import { proveBy } from './known-answers.js';
import { Models } from './looking.js';
import type { FromThread, ToThread } from './picture-models.js';
import { viewsOf } from './pixels.js';
import { inPlainSight } from './plain-sight.js';
import { type PictureSignals, signalsOf } from './signals.js';

const port = parentPort;
if (port === null) throw new Error('this runs as a thread of moderation');
const say = (word: FromThread): void => port.postMessage(word);

let models: Promise<Models> | undefined;

/** Loaded once, and not believed before they have given the known answers. */
function proven(): Promise<Models> {
  models ??= prove();
  // What cannot be loaded or does not give the known answers ends the thread with its reason.
  models.catch((error: unknown) => setImmediate(() => fail(error)));
  return models;
}

function fail(error: unknown): never {
  throw error;
}

async function prove(): Promise<Models> {
  const begun = performance.now();
  const loaded = await Models.load();
  const loadedMs = performance.now() - begun;
  await proveBy(loaded);
  say({ type: 'proven', loadedMs, provenMs: performance.now() - begun - loadedMs });
  return loaded;
}

// One after the other: a model keeps the thread busy anyway.
let last: Promise<void> = Promise.resolve();
port.on('message', (asked: ToThread) => {
  last = last.then(() => answer(asked));
});

async function answer(asked: ToThread): Promise<void> {
  if (asked.type === 'warm') {
    await proven();
    return;
  }
  const { id, picture, question } = asked;
  try {
    say({ type: 'seen', id, signals: await look(picture, question) });
  } catch (error) {
    say({ type: 'failed', id, fault: error instanceof Error ? error.message : String(error) });
  }
}

async function look(picture: Uint8Array, question: 'input' | 'output'): Promise<PictureSignals> {
  const views = await viewsOf(picture);
  const plain = await inPlainSight(views, question);
  return plain ?? signalsOf(await (await proven()).look(views, question));
}
