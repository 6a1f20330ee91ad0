import { hash } from 'node:crypto';
import { readReleased, type ReleasedOutput } from '@safelight/contracts';
import type { RequestClient } from '@safelight/messaging';

/** What was read is not what passed the release gate: it goes nowhere. */
export class NotAsReleased extends Error {
  constructor(outputId: string) {
    super(`the bytes of ${outputId} are not those that its receipt speaks of`);
    this.name = 'NotAsReleased';
  }
}

/**
 * The bytes of a released output, piece by piece through the gate.
 *
 * @returns `null` when it is gone, or not released any more
 * @throws NotAsReleased unless the whole has the digest of the output's receipt
 */
export async function readWhole(
  services: RequestClient,
  job: { readonly jobId: string; readonly accountId: string },
  { outputId, digest }: ReleasedOutput,
): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let offset = 0;
  for (;;) {
    const { piece } = await services.request(readReleased, { ...job, outputId, offset });
    if (piece === null) return null;
    const bytes = Buffer.from(piece.bytes, 'base64');
    pieces.push(bytes);
    offset += bytes.byteLength;
    if (offset >= piece.total || bytes.byteLength === 0) break;
  }
  const whole = Buffer.concat(pieces);
  if (hash('sha256', whole, 'hex') !== digest) throw new NotAsReleased(outputId);
  return whole;
}
