import { hash } from 'node:crypto';
import type { previewPrompt, Receipt, screenPrompt } from '@safelight/contracts';
import { canonicalJson } from '@safelight/contracts';
import type { SealedObjects } from '@safelight/object-store';
import { pdqOfPicture } from '@safelight/perceptual-hash';
import type { z } from 'zod';
import { type Banks, type HashBanks, PDQ } from '../banks/hash-banks.js';
import type { DecisionDesk } from '../decisions/desk.js';
import type { ActivePolicy } from '../policy/active-policy.js';
import type { OpenedPicture, PictureLook } from './picture-look.js';
import type { Finding } from './screen.js';

/** Named in receipts; the number changes with the normaliser or the matching. */
const classifier = 'safelight-words/3';
/** For words beside a picture: it counts as one of a person, whatever is seen in it. */
const pictureClassifiers = ['safelight-words-beside-picture/3', 'safelight-known-images/1'];

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
    private readonly pictures: Pick<PictureLook, 'find' | 'names'>,
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
    const { finding, names } = await this.find(request, banks);
    const words = { prompt, negativePrompt };
    return this.desk.decide({
      ...finding,
      stage: 'prompt',
      jobId,
      accountId,
      // With the pictures: the same words beside another picture are another request.
      subjectDigest: digestOf(pictures.length === 0 ? words : { ...words, pictures }),
      classifiers: names,
      hashBanks: [...banks.named],
    });
  }

  /** The cheapest first: into pictures whose words are refused nobody has to look. */
  private async find(
    request: Request,
    banks: Banks,
  ): Promise<{ finding: Finding; names: string[] }> {
    const { pictures, ...words } = request;
    if (pictures.length === 0) {
      return { finding: this.policy.screen.screen(words), names: [classifier] };
    }
    const names = [...pictureClassifiers, ...(banks.havePdq ? [PDQ] : [])];
    if (pictures.some((one) => this.isKnownFile(one, banks))) return { finding: knownImage, names };
    const opened = await Promise.all(pictures.map((one) => this.open(request.jobId, one)));
    const known = await Promise.all(opened.map(({ bytes }) => isKnown(bytes, banks)));
    if (known.includes(true)) return { finding: knownImage, names };
    const finding = this.policy.pictureScreen.screen(words);
    if (finding.verdict === 'block') return { finding, names };
    return {
      finding: await this.pictures.find(request, opened, finding),
      names: [...names, ...this.pictures.names],
    };
  }

  private isKnownFile({ digests }: Picture, banks: Banks): boolean {
    if (digests.some((one) => this.policy.knownImages.has(one))) return true;
    return banks.has({ digests, hashes: [] });
  }

  /** A film is not: see docs/known-images.md. @throws when it does not open: no verdict */
  private async open(jobId: string, { sealed, mediaType, role }: Picture): Promise<OpenedPicture> {
    if (mediaType === 'video/mp4') return { role, bytes: undefined };
    if (!sealed.key.startsWith(`jobs/${jobId}/inputs/`)) {
      throw new Error(`a picture of ${jobId} lies among those of another job`);
    }
    return { role, bytes: await this.objects.open(sealed.key, sealed.dataKey, sealed.digest) };
  }
}

async function isKnown(bytes: Uint8Array | undefined, banks: Banks): Promise<boolean> {
  if (bytes === undefined || !banks.havePdq) return false;
  const hashes = (await pdqOfPicture(bytes)).flatMap((one) => one.hashes);
  return banks.has({ digests: [], hashes });
}

const digestOf = (value: unknown): string => hash('sha256', canonicalJson(value), 'hex');
