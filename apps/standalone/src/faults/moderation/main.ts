import { appendFileSync } from 'node:fs';
import { moderationServiceWith } from '@safelight/moderation';
import { runService } from '@safelight/telemetry';
import { faultyLook } from '../faulty-look.js';

/**
 * Moderation as it runs anywhere, with one classifier more, which goes wrong in every way there is.
 * FAULTS_FILE gets a line for each fault; the process may be dead the moment after.
 */
const file = process.env['FAULTS_FILE'] ?? '/dev/null';
const seed = Number(process.env['FAULTS_SEED'] ?? 1);
const tell = (fault: string) => appendFileSync(file, `${fault}\n`);

await runService(moderationServiceWith([faultyLook(seed + process.pid, tell)]));
