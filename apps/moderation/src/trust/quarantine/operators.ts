import type { Telemetry } from '@safelight/telemetry';
import { FileObjectStore } from '@safelight/object-store';
import { withDesk } from '../../operators-pool.js';
import { readCaseKey } from '../case-key.js';
import { EvidenceRoom } from './evidence.js';
import { Quarantine, type Evidence } from './quarantine.js';

/** What opens evidence beside the database: none of it is in there. */
export interface EvidenceDoor {
  readonly databaseUrl: string;
  /** The file of `CASE_KEY_FILE`, and the folder of `OBJECT_STORE_DIR`, as moderation has them. */
  readonly keyFile: string;
  readonly objects: string;
}

const silent: Pick<Telemetry['logger'], 'info'> = { info: () => undefined };

/** @throws DomainError `evidence.shredded` */
export const askForEvidence = (door: EvidenceDoor, caseId: string, by: string, reason: string) =>
  withRoom(door, (room) => room.ask(caseId, by, reason));

/** @throws DomainError `evidence.not_asked`, `evidence.same_person`, `evidence.shredded` */
export const approveEvidence = (door: EvidenceDoor, caseId: string, by: string) =>
  withRoom(door, (room) => room.approve(caseId, by));

/** @throws DomainError `evidence.not_approved`, `evidence.not_found`, `evidence.shredded` */
export const readEvidence = (door: EvidenceDoor, caseId: string, by: string): Promise<Evidence[]> =>
  withRoom(door, (room) => room.read(caseId, by));

async function withRoom<Result>(
  { databaseUrl, keyFile, objects }: EvidenceDoor,
  run: (room: EvidenceRoom) => Promise<Result>,
): Promise<Result> {
  const caseKey = await readCaseKey(keyFile);
  return withDesk(databaseUrl, ({ pool, store }) => {
    const quarantine = new Quarantine(pool, new FileObjectStore(objects), caseKey);
    return run(new EvidenceRoom(store, quarantine, silent));
  });
}
