import { parentPort, workerData } from 'node:worker_threads';
import { type Hashes, tablesOf } from './loaded-bank.js';

const { digest, hashes } = workerData as { digest: string; hashes: Hashes };
parentPort?.postMessage(tablesOf({ digest }, hashes));
