import { hash } from 'node:crypto';
import type { checkOutputs, Receipt, StoredOutput } from '@safelight/contracts';
import type { ObjectStore } from '@safelight/object-store';
import { ObjectKeyRefused, ObjectNotFound, ObjectSizeDiffers } from '@safelight/object-store';
import type { z } from 'zod';
import type { Banks, HashBanks } from '../banks/hash-banks.js';
import type { DecisionDesk } from '../decisions/desk.js';
import type { MadeOutputs } from '../provenance/made-outputs.js';
import type { Consents } from '../trust/consents.js';
import type { ActivePolicy } from '../policy/active-policy.js';
import type { Inspection, Looking, OutputClassifier } from './inspection.js';
import { inspect } from './inspection.js';
import { PDQ } from '../banks/hash-banks.js';
import { Recent } from './recent.js';

type Request = z.output<typeof checkOutputs.request>;
interface Refusal {
  readonly ruleId: string;
  readonly category: string;
}

const ownChecks = ['safelight-header/2', 'safelight-mark/2', 'safelight-known-images/1'];
const confidenceRefused = 99;
const confidencePassed = 1;
/** One may be a film with some 120 stills, whose hashes are 30 kB. */
const remembered = 2_000;

const brokenClaim: Refusal = { ruleId: 'F6', category: 'no-verdict' };
const unmarked: Refusal = { ruleId: 'F7', category: 'marking' };
/** Not a finding: a test key asked to see what a refusal is like. */
const askedFor: Refusal = { ruleId: 'T1', category: 'test' };
/** What it leans on was revoked, or is over, while the job was under way. */
const noConsent: Refusal = { ruleId: 'F3', category: 'consent' };
const knownImage: Refusal = { ruleId: 'F5', category: 'known-images' };

/** How the store says that there is nothing under the key, or not what was claimed. */
const breaches = [ObjectNotFound, ObjectKeyRefused, ObjectSizeDiffers];

export interface OutputCheckParts {
  readonly store: ObjectStore;
  readonly policy: ActivePolicy;
  readonly desk: DecisionDesk;
  readonly classifiers: readonly OutputClassifier[];
  readonly banks: Pick<HashBanks, 'current'>;
  readonly consents: Pick<Consents, 'isLive'>;
  readonly made: Pick<MadeOutputs, 'note'>;
}

/** Looks at the stored bytes of outputs before anybody may be given them. */
export class OutputCheck {
  private readonly inspections = new Recent<Inspection>(remembered);
  /** A video may take longer than who asks waits: who asks again waits for the same. */
  private readonly running = new Map<string, Promise<Inspection>>();

  constructor(private readonly parts: OutputCheckParts) {}

  /** Rejects when the store, a bank or a classifier fails: then there is no verdict, and nothing passes. */
  async check(request: Request): Promise<{ outputId: string; receipt: Receipt }[]> {
    const banks = await this.parts.banks.current();
    const { accountId, consent } = request;
    const agreed = consent === null || (await this.parts.consents.isLive(accountId, consent));
    const classifiers = [
      ...ownChecks,
      ...(banks.havePdq ? [PDQ] : []),
      ...this.parts.classifiers.map(({ name }) => name),
    ];
    return Promise.all(
      request.outputs.map(async (output) => {
        const found =
          (await this.refusalOf(output, request, banks)) ?? (agreed ? undefined : noConsent);
        const refusal = found ?? (request.refuseAll ? askedFor : undefined);
        const receipt = await this.parts.desk.decide({
          stage: 'output',
          verdict: refusal ? 'block' : 'pass',
          jobId: request.jobId,
          accountId: request.accountId,
          subjectDigest: output.digest,
          ruleId: refusal?.ruleId ?? null,
          category: refusal?.category ?? null,
          confidence: refusal ? confidenceRefused : confidencePassed,
          classifiers,
          hashBanks: [...banks.named],
        });
        // What nobody could recognise any more is not released.
        if (!refusal) await this.parts.made.note(output, request);
        return { outputId: output.outputId, receipt };
      }),
    );
  }

  private async refusalOf(
    output: StoredOutput,
    request: Request,
    banks: Banks,
  ): Promise<Refusal | undefined> {
    const digests = [output.digest];
    if (this.parts.policy.knownImages.has(output.digest)) return knownImage;
    if (banks.has({ digests, hashes: [] })) return knownImage;
    if (!output.key.startsWith(`jobs/${request.jobId}/`)) return brokenClaim;
    const bytes = await this.bytesOf(output);
    if (!bytes || hash('sha256', bytes, 'hex') !== output.digest) return brokenClaim;
    const looking = {
      classifiers: this.parts.classifiers,
      level: request.level,
      hashing: banks.havePdq,
    };
    const inspection = await this.inspection(bytes, output.digest, looking);
    const { image, marked, unsafe, hashes } = inspection;
    if (banks.has({ digests, hashes })) return knownImage;
    const kept =
      image?.mediaType === output.mediaType &&
      image.width === output.width &&
      image.height === output.height &&
      lastsAsLong(image.seconds, output.seconds);
    if (!kept) return brokenClaim;
    if (!marked) return unmarked;
    return unsafe === undefined ? undefined : { ruleId: 'D1', category: unsafe };
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
    const key = `${looking.level} ${looking.hashing} ${digest}`;
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

/** Times in a file are whole ticks of its clock: what lies within one frame of 60 a second is equal. */
const lastsAsLong = (found: number | undefined, claimed: number | undefined): boolean =>
  found === undefined || claimed === undefined
    ? found === claimed
    : Math.abs(found - claimed) < 1 / 60;
