import { hash } from 'node:crypto';
import type { previewPrompt, Receipt, screenPrompt } from '@safelight/contracts';
import { canonicalJson } from '@safelight/contracts';
import type { SealedObjects } from '@safelight/object-store';
import { type Pdq, pdqOfPicture } from '@safelight/perceptual-hash';
import type { z } from 'zod';
import { type Banks, type HashBanks, PDQ } from '../banks/hash-banks.js';
import type { DecisionDesk } from '../decisions/desk.js';
import type { ActivePolicy } from '../policy/active-policy.js';
import type { Quarantine } from '../trust/quarantine/quarantine.js';
import type { Sightings } from '../trust/takedown/sightings.js';
import type { Finding } from './screen.js';

/** Named in receipts; the number changes with the normaliser or the matching. */
const classifier = 'safelight-words/3';
/** For words beside a picture, into which nobody looks: it counts as one of a person. */
const pictureClassifiers = ['safelight-words-beside-picture/3', 'safelight-known-images/1'];

/** Refusals that suspend an account: what they were about is evidence. */
const GRAVE: ReadonlySet<string> = new Set(['F1', 'F5']);

const knownImage: Finding = {
  ...{ verdict: 'block', ruleId: 'F5', category: 'known-images', confidence: 99 },
};

type Request = z.output<typeof screenPrompt.request>;
type Picture = Request['pictures'][number];

/** Looks at the words and the pictures of a job before anything is paid or drawn. */
export class PromptCheck {
  constructor(
    private readonly policy: ActivePolicy,
    private readonly desk: DecisionDesk,
    private readonly banks: Pick<HashBanks, 'current' | 'latest'>,
    private readonly objects: Pick<SealedObjects, 'open'>,
    private readonly sightings: Pick<Sightings, 'record'>,
    private readonly quarantine: Pick<Quarantine, 'keep'>,
  ) {}

  /** What `check` would say of these words, for a customer who only asks: coarse, and not recorded. */
  preview({ besidePicture, ...words }: z.output<typeof previewPrompt.request>): 'pass' | 'block' {
    const { screen, pictureScreen } = this.policy;
    return (besidePicture ? pictureScreen : screen).screen(words).verdict;
  }

  /** Whatever fails in here fails the request: there is no default verdict. */
  async check(request: Request): Promise<Receipt> {
    const { jobId, accountId, prompt, negativePrompt } = request;
    const pictures = request.pictures.map(({ digests }) => ({ digests }));
    // Words need no bank, but what comes of them does: nothing is begun that could not be released.
    const banks = pictures.length === 0 ? this.banks.latest() : await this.banks.current();
    const finding = await this.find(request, banks);
    const words = { prompt, negativePrompt };
    const receipt = await this.desk.decide({
      ...finding,
      stage: 'prompt',
      jobId,
      accountId,
      // With the pictures: the same words beside another picture are another request.
      subjectDigest: digestOf(pictures.length === 0 ? words : { ...words, pictures }),
      classifiers:
        pictures.length === 0
          ? [classifier]
          : [...pictureClassifiers, ...(banks.havePdq ? [PDQ] : [])],
      hashBanks: [...banks.named],
    });
    if (GRAVE.has(receipt.ruleId ?? '')) await this.seal(receipt.decisionId, request);
    return receipt;
  }

  /** What came of it is never a job: words and pictures are gone unless they are kept here and now. */
  private async seal(decisionId: string, { jobId, pictures, ...request }: Request): Promise<void> {
    const { prompt, negativePrompt } = request;
    const words = Buffer.from(JSON.stringify({ prompt, negativePrompt }));
    const name = (part: string) => `refused/${jobId}/${part}`;
    const mediaType = 'application/json';
    await this.quarantine.keep(decisionId, { name: name('words'), mediaType, bytes: words });
    for (const [at, { sealed, mediaType: its }] of pictures.entries()) {
      const bytes = await this.objects.open(sealed.key, sealed.dataKey, sealed.digest);
      await this.quarantine.keep(decisionId, { name: name(`${at}`), mediaType: its, bytes });
    }
  }

  private async find(
    { jobId, accountId, pictures, ...words }: Request,
    banks: Banks,
  ): Promise<Finding> {
    if (pictures.length === 0) return this.policy.screen.screen(words);
    const about = { jobId, accountId };
    const known = await Promise.all(pictures.map((one) => this.isKnown(about, one, banks)));
    return known.includes(true) ? knownImage : this.policy.pictureScreen.screen(words);
  }

  private async isKnown(
    about: Pick<Request, 'jobId' | 'accountId'>,
    picture: Picture,
    banks: Banks,
  ): Promise<boolean> {
    const { digests, mediaType } = picture;
    if (digests.some((one) => this.policy.knownImages.has(one))) return true;
    if (banks.has({ digests, hashes: [] })) return true;
    const pdqs = await this.pdqsOf(about.jobId, picture);
    // What is made of it is found by it, when it has to be taken down.
    await this.sightings.record({ ...about, digests, mediaType, output: null, pdqs });
    return banks.has({ digests, hashes: pdqs.flatMap(({ hashes }) => hashes) });
  }

  /** Of a film there are none: see docs/known-images.md. @throws when it does not open: no verdict */
  private async pdqsOf(jobId: string, { sealed, mediaType }: Picture): Promise<Pdq[]> {
    if (mediaType === 'video/mp4') return [];
    if (!sealed.key.startsWith(`jobs/${jobId}/inputs/`)) {
      throw new Error(`a picture of ${jobId} lies among those of another job`);
    }
    const bytes = await this.objects.open(sealed.key, sealed.dataKey, sealed.digest);
    return pdqOfPicture(bytes);
  }
}

const digestOf = (value: unknown): string => hash('sha256', canonicalJson(value), 'hex');
