import { hash } from 'node:crypto';
import type { previewPrompt, Receipt, screenPrompt } from '@safelight/contracts';
import { canonicalJson } from '@safelight/contracts';
import type { SealedObjects } from '@safelight/object-store';
import { type Hash, pdqOfPicture } from '@safelight/perceptual-hash';
import type { z } from 'zod';
import { type Banks, type HashBanks, PDQ } from '../banks/hash-banks.js';
import type { DecisionDesk } from '../decisions/desk.js';
import type { ActivePolicy } from '../policy/active-policy.js';
import type { Panel } from '../providers/panel.js';
import { type Finding, noSignals, type Signals } from '../decisions/signals.js';

/** Named in receipts; the number changes with the normaliser or the matching. */
const classifier = 'safelight-words/3';
/** For words beside a picture, into which nobody looks: it counts as one of a person. */
const pictureClassifiers = ['safelight-words-beside-picture/3', 'safelight-known-images/1'];

const knownImage: Finding = {
  ...{ action: 'refuse', ruleId: 'F5', category: 'known-images', confidence: 99 },
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
    /** Who is asked about words: those in this process, and those that the deployment adds. */
    private readonly panel: Panel,
  ) {}

  /** What `check` would say of these words, for a customer who only asks: coarse, and not recorded. */
  preview({ besidePicture, ...words }: z.output<typeof previewPrompt.request>): 'pass' | 'block' {
    const { policy } = this;
    const texts = besidePicture
      ? policy.pictureScreen.measure(words)
      : [policy.screen.measure(words)];
    return this.desk.preview({ ...noSignals, texts });
  }

  /** Whatever fails in here fails the request: there is no default verdict. */
  async check(request: Request): Promise<Receipt> {
    const { jobId, accountId, prompt, negativePrompt } = request;
    const pictures = request.pictures.map(({ digests }) => ({ digests }));
    // Words need no bank, but what comes of them does: nothing is begun that could not be released.
    const banks = pictures.length === 0 ? this.banks.latest() : await this.banks.current();
    const { signals, asked } = await this.signalsOf(request, banks);
    const words = { prompt, negativePrompt };
    return this.desk.decide({
      signals,
      stage: 'prompt',
      jobId,
      accountId,
      // With the pictures: the same words beside another picture are another request.
      subjectDigest: digestOf(pictures.length === 0 ? words : { ...words, pictures }),
      classifiers:
        pictures.length === 0
          ? [classifier, ...asked]
          : [...pictureClassifiers, ...(banks.havePdq ? [PDQ] : []), ...asked],
      hashBanks: [...banks.named],
    });
  }

  private async signalsOf(
    { jobId, pictures, prompt, negativePrompt }: Request,
    banks: Banks,
  ): Promise<{ signals: Signals; asked: string[] }> {
    const known = await Promise.all(pictures.map((one) => this.isKnown(jobId, one, banks)));
    if (known.includes(true))
      return { signals: { ...noSignals, findings: [knownImage] }, asked: [] };
    const besidePicture = pictures.length > 0;
    const words = { kind: 'words', prompt, negativePrompt, besidePicture } as const;
    // What is refused here is not sent to anybody else.
    return this.panel.evaluate(
      'prompt',
      words,
      (own) => this.policy.judge(own).action === 'refuse',
    );
  }

  private async isKnown(jobId: string, picture: Picture, banks: Banks): Promise<boolean> {
    const { digests } = picture;
    if (digests.some((one) => this.policy.knownImages.has(one))) return true;
    if (banks.has({ digests, hashes: [] })) return true;
    return banks.havePdq && banks.has({ digests, hashes: await this.hashesOf(jobId, picture) });
  }

  /** Of a film there are none: see docs/known-images.md. @throws when it does not open: no verdict */
  private async hashesOf(jobId: string, { sealed, mediaType }: Picture): Promise<Hash[]> {
    if (mediaType === 'video/mp4') return [];
    if (!sealed.key.startsWith(`jobs/${jobId}/inputs/`)) {
      throw new Error(`a picture of ${jobId} lies among those of another job`);
    }
    const bytes = await this.objects.open(sealed.key, sealed.dataKey, sealed.digest);
    return (await pdqOfPicture(bytes)).flatMap(({ hashes }) => hashes);
  }
}

const digestOf = (value: unknown): string => hash('sha256', canonicalJson(value), 'hex');
