/**
 * The program of the process that decodes one picture: says that it is ready, reads the picture,
 * answers, and waits to be killed. It does not outlive its parent, whose end closes its input.
 */
import { readSync, writeSync } from 'node:fs';
import { ImageRefused, refusalCodes, type RefusalCode } from '../refusals.js';
import { type Frame, headBytes, headOf, kinds, lengthIn } from './frames.js';
import { redraw } from './redraw.js';

const [maxPixels = 0, maxOutputBytes = 0, maxMemoryBytes = 0] = process.argv.slice(2).map(Number);
const limits = { maxPixels, maxOutputBytes, maxMemoryBytes };
const nothing = Buffer.alloc(0);
// Not process.exit(): that would wait for the decoder, which may never come back.
const die = () => process.kill(process.pid, 'SIGKILL');

/** Waits in the kernel and fills one buffer: a stream would hold the picture several times over. */
function readExactly(length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let held = 0; held < length;) {
    const read = readSync(0, bytes, held, length - held, null);
    if (read === 0) die();
    held += read;
  }
  return bytes;
}

function write({ kind, body }: Frame): void {
  for (const bytes of [headOf(kind, body.length), body]) {
    for (let written = 0; written < bytes.length;) written += writeSync(1, bytes, written);
  }
}

async function answerTo(picture: Buffer): Promise<Frame> {
  try {
    return { kind: kinds.image, body: await redraw(picture, limits) };
  } catch (error) {
    const code: RefusalCode = error instanceof ImageRefused ? error.code : 'image.damaged';
    return { kind: refusalCodes.indexOf(code), body: nothing };
  }
}

write({ kind: kinds.ready, body: nothing });
const picture = readExactly(lengthIn(readExactly(headBytes)));
process.stdin.once('end', die).once('error', die).resume();
write(await answerTo(picture));
