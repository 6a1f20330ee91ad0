import { hash } from 'node:crypto';
import type { checkOutputs, Receipt, StoredOutput } from '@safelight/contracts';
import type { ObjectStore } from '@safelight/object-store';
import { ObjectKeyRefused, ObjectNotFound, ObjectSizeDiffers } from '@safelight/object-store';
import type { z } from 'zod';
import type { Banks, HashBanks } from '../banks/hash-banks.js';
import type { DecisionDesk } from '../decisions/desk.js';
import { type Finding, noSignals } from '../decisions/signals.js';
import type { MadeOutputs } from '../provenance/made-outputs.js';
import type { Consents } from '../trust/consents.js';
import type { Sightings } from '../trust/takedown/sightings.js';
import type { ActivePolicy } from '../policy/active-policy.js';
import type { Inspection, Looking, OutputClassifier } from './inspection.js';
import { inspect } from './inspection.js';
import { PDQ } from '../banks/hash-banks.js';
import { findingOf, scoresOf } from '../combination/as-signals.js';
import type { PicturesSeen } from '../combination/facts.js';
import { judgeOutput } from '../combination/outputs.js';
import type { PictureLooks } from '../images/picture-models.js';
import type { PictureRecords } from '../images/picture-records.js';
import { Recent } from './recent.js';

type Request = z.output<typeof checkOutputs.request>;

const ownChecks = ['safelight-header/2', 'safelight-mark/2', 'safelight-known-images/1'];
/** Named in receipts where an output was looked into. */
const rise = 'safelight-rise/1';
/** One may be a film with some 120 stills, whose hashes are 30 kB. */
const remembered = 2_000;

const refusal = (ruleId: string, category: string): Finding => ({
  ...{ action: 'refuse', ruleId, category, confidence: 99 },
});
const brokenClaim = refusal('F6', 'no-verdict');
const unmarked = refusal('F7', 'marking');
/** Not a finding: a test key asked to see what a refusal is like. */
const askedFor = refusal('T1', 'test');
/** What it leans on was revoked, or is over, while the job was under way. */
const noConsent = refusal('F3', 'consent');
const knownImage = refusal('F5', 'known-images');

/** How the store says that there is nothing under the key, or not what was claimed. */
const breaches = [ObjectNotFound, ObjectKeyRefused, ObjectSizeDiffers];

export interface OutputCheckParts {
  readonly store: ObjectStore;
  readonly policy: ActivePolicy;
  readonly desk: DecisionDesk;
  readonly classifiers: readonly OutputClassifier[];
  readonly banks: Pick<HashBanks, 'current'>;
  readonly consents: Pick<Consents, 'isLive'>;
  /** How long one look of a classifier may take. */
  readonly lookMs: number;
  readonly sightings: Pick<Sightings, 'record'>;
  readonly models: PictureLooks;
  readonly records: Pick<PictureRecords, 'of'>;
  readonly made: Pick<MadeOutputs, 'note'>;
}

interface Known {
  readonly banks: Banks;
  /** What was seen in the pictures that the job began with. */
  readonly before: PicturesSeen | null;
}

interface Found {
  readonly refusal: Finding | undefined;
  readonly inspection?: Inspection;
}

/** Looks at the stored bytes of outputs before anybody may be given them. */
export class OutputCheck {
  private readonly inspections = new Recent<Inspection>(remembered);
  /** A video may take longer than who asks waits: who asks again waits for the same. */
  private readonly running = new Map<string, Promise<Inspection>>();

  constructor(private readonly parts: OutputCheckParts) {}

  /** Rejects when the store, a bank, a model or a classifier fails: then there is no verdict, and nothing passes. */
  async check(request: Request): Promise<{ outputId: string; receipt: Receipt }[]> {
    const banks = await this.parts.banks.current();
    const { accountId, consent } = request;
    const agreed = consent === null || (await this.parts.consents.isLive(accountId, consent));
    const before = request.besidePicture ? await this.parts.records.of(request.jobId) : null;
    const classifiers = [
      ...ownChecks,
      ...(banks.havePdq ? [PDQ] : []),
      ...this.parts.classifiers.map(({ name }) => name),
    ];
    return Promise.all(
      request.outputs.map(async (output) => {
        const { refusal: found, inspection } = await this.find(output, request, { banks, before });
        const finding =
          found ?? (agreed ? undefined : noConsent) ?? (request.refuseAll ? askedFor : undefined);
        const receipt = await this.parts.desk.decide({
          stage: 'output',
          jobId: request.jobId,
          accountId: request.accountId,
          subjectDigest: output.digest,
          signals: {
            ...{ ...noSignals, findings: finding ? [finding] : [] },
            scores: inspection?.seen ? scoresOf(inspection.seen, this.parts.models.names) : {},
          },
          classifiers: inspection?.seen
            ? [...classifiers, ...this.parts.models.names, rise]
            : classifiers,
          hashBanks: [...banks.named],
        });
        // What nobody could recognise any more is not released.
        if (!finding) await this.parts.made.note(output, request, inspection?.pdqs ?? []);
        return { outputId: output.outputId, receipt };
      }),
    );
  }

  private async find(output: StoredOutput, request: Request, known: Known): Promise<Found> {
    const { banks, before } = known;
    const digests = [output.digest];
    const isListed = this.parts.policy.knownImages.has(output.digest);
    if (isListed || banks.has({ digests, hashes: [] })) {
      // Not opened: by its key alone it is found as evidence.
      await this.remember(output, request, []);
      return { refusal: knownImage };
    }
    if (!output.key.startsWith(`jobs/${request.jobId}/`)) return { refusal: brokenClaim };
    const bytes = await this.bytesOf(output);
    if (!bytes || hash('sha256', bytes, 'hex') !== output.digest) return { refusal: brokenClaim };
    const { classifiers, models, lookMs } = this.parts;
    const inspection = await this.inspection(bytes, output.digest, {
      ...{ classifiers, models, lookMs, hashing: true },
      ...{ level: request.level, fromPicture: before !== null },
    });
    if (inspection.image) await this.remember(output, request, inspection.pdqs);
    if (banks.has({ digests, hashes: inspection.hashes })) {
      return { refusal: knownImage, inspection };
    }
    return { refusal: refusalOf(output, inspection, before), inspection };
  }

  /** Before it may be handed out: what nobody can find again nobody can take down. */
  private async remember(
    { outputId, key, digest, mediaType }: StoredOutput,
    { jobId, accountId }: Request,
    pdqs: Inspection['pdqs'],
  ): Promise<void> {
    // A key of another job's is a claim that nothing may be done upon.
    if (!key.startsWith(`jobs/${jobId}/`)) return;
    const output = { outputId, key };
    const about = { jobId, accountId, digests: [digest], mediaType, output, pdqs };
    await this.parts.sightings.record(about);
  }

  /** `undefined` when there is no such object, or one of another size than claimed: never read then. */
  private async bytesOf(output: StoredOutput): Promise<Buffer | undefined> {
    try {
      return (await this.parts.store.get(output.key, { bytes: output.bytes })).bytes;
    } catch (error) {
      if (breaches.some((breach) => error instanceof breach)) return undefined;
      throw error;
    }
  }

  /** The same bytes say the same: only claims about them differ from job to job. */
  private async inspection(bytes: Buffer, digest: string, looking: Looking): Promise<Inspection> {
    const key = `${looking.level} ${looking.hashing} ${looking.fromPicture} ${digest}`;
    const known = this.inspections.get(key);
    if (known) return known;
    return this.running.get(key) ?? this.inspect(key, bytes, looking);
  }

  private inspect(key: string, bytes: Buffer, looking: Looking): Promise<Inspection> {
    const running = inspect(bytes, looking)
      .then((fresh) => {
        this.inspections.put(key, fresh);
        return fresh;
      })
      .finally(() => this.running.delete(key));
    this.running.set(key, running);
    return running;
  }
}

function refusalOf(
  output: StoredOutput,
  { image, marked, unsafe, seen }: Inspection,
  before: PicturesSeen | null,
): Finding | undefined {
  const kept =
    image?.mediaType === output.mediaType &&
    image.width === output.width &&
    image.height === output.height &&
    lastsAsLong(image.seconds, output.seconds);
  if (!kept) return brokenClaim;
  if (!marked) return unmarked;
  if (unsafe !== undefined) return refusal('D1', unsafe);
  if (seen === undefined) return undefined;
  return findingOf(judgeOutput({ before, after: seen }));
}

/** Times in a file are whole ticks of its clock: what lies within one frame of 60 a second is equal. */
const lastsAsLong = (found: number | undefined, claimed: number | undefined): boolean =>
  found === undefined || claimed === undefined
    ? found === claimed
    : Math.abs(found - claimed) < 1 / 60;
