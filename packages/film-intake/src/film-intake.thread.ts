import { parentPort, workerData } from 'node:worker_threads';
import type { FilmAnswer, FilmToLookAt } from './film-intake.js';
import { FilmRefused } from './film-refused.js';
import { openFilm } from './open-film.js';

// Entry of the thread that looks at one film and ends.
const answer = (told: FilmAnswer): void => parentPort?.postMessage(told);

async function look({ bytes, limits }: FilmToLookAt): Promise<FilmAnswer> {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const film = await openFilm(whole, limits);
    await film.frames().next();
    return { facts: film.facts };
  } catch (error) {
    if (!(error instanceof FilmRefused)) throw error;
    return { refused: { code: error.code, message: error.message } };
  }
}

answer(await look(workerData as FilmToLookAt));
