import { hash } from 'node:crypto';
import type { previewPrompt, Receipt, screenPrompt } from '@safelight/contracts';
import { canonicalJson } from '@safelight/contracts';
import type { SealedObjects } from '@safelight/object-store';
import { pdqOfPicture } from '@safelight/perceptual-hash';
import type { z } from 'zod';
import { type Banks, type HashBanks, PDQ } from '../banks/hash-banks.js';
import type { DecisionDesk } from '../decisions/desk.js';
import type { ActivePolicy } from '../policy/active-policy.js';
import { merged } from '../providers/codes.js';
import type { Panel } from '../providers/panel.js';
import { type Finding, noSignals, type Signals } from '../decisions/signals.js';
import type { Quarantine } from '../trust/quarantine/quarantine.js';
import type { Sightings } from '../trust/takedown/sightings.js';
import type { OpenedPicture, PictureLook } from './picture-look.js';

/** Named in receipts; the number changes with the normaliser or the matching. */
const classifier = 'safelight-words/3';
/** For words beside a picture: it counts as one of a person, whatever is seen in it. */
const pictureClassifiers = ['safelight-words-beside-picture/3', 'safelight-known-images/1'];

/** Refusals that suspend an account: what they were about is evidence. */
const GRAVE: ReadonlySet<string> = new Set(['F1', 'F5']);

const knownImage: Finding = {
  ...{ action: 'refuse', ruleId: 'F5', category: 'known-images', confidence: 99 },
};

type Request = z.output<typeof screenPrompt.request>;
type Picture = Request['pictures'][number];

export interface PromptCheckParts {
  readonly policy: ActivePolicy;
  readonly desk: DecisionDesk;
  readonly banks: Pick<HashBanks, 'current' | 'latest'>;
  readonly objects: Pick<SealedObjects, 'open'>;
  /** Who is asked about words: those in this process, and those that the deployment adds. */
  readonly panel: Panel;
  readonly sightings: Pick<Sightings, 'record'>;
  readonly quarantine: Pick<Quarantine, 'keep'>;
  readonly pictures: Pick<PictureLook, 'find' | 'names'>;
}

/** Looks at the words and the pictures of a job before anything is paid or drawn. */
export class PromptCheck {
  constructor(private readonly parts: PromptCheckParts) {}

  /** What `check` would say of these words, for a customer who only asks: coarse, and not recorded. */
  preview({ besidePicture, ...words }: z.output<typeof previewPrompt.request>): 'pass' | 'block' {
    const { policy } = this.parts;
    const texts = besidePicture
      ? policy.pictureScreen.measure(words)
      : [policy.screen.measure(words)];
    return this.parts.desk.preview({ ...noSignals, texts });
  }

  /** Whatever fails in here fails the request: there is no default verdict. */
  async check(request: Request): Promise<Receipt> {
    const { jobId, accountId, prompt, negativePrompt } = request;
    const pictures = request.pictures.map(({ digests }) => ({ digests }));
    // Words need no bank, but what comes of them does: nothing is begun that could not be released.
    const banks =
      pictures.length === 0 ? this.parts.banks.latest() : await this.parts.banks.current();
    const { signals, names } = await this.signalsOf(request, banks);
    const words = { prompt, negativePrompt };
    const receipt = await this.parts.desk.decide({
      signals,
      stage: 'prompt',
      jobId,
      accountId,
      // With the pictures: the same words beside another picture are another request.
      subjectDigest: digestOf(pictures.length === 0 ? words : { ...words, pictures }),
      classifiers: names,
      hashBanks: [...banks.named],
    });
    if (GRAVE.has(receipt.ruleId ?? '')) await this.seal(receipt.decisionId, request);
    return receipt;
  }

  /** The cheapest first: into pictures whose words are refused nobody has to look. */
  private async signalsOf(
    request: Request,
    banks: Banks,
  ): Promise<{ signals: Signals; names: string[] }> {
    const { pictures, prompt, negativePrompt } = request;
    const besidePicture = pictures.length > 0;
    const own = besidePicture
      ? [...pictureClassifiers, ...(banks.havePdq ? [PDQ] : [])]
      : [classifier];
    const opened = await this.openUnknown(request, banks);
    if (!opened) return { signals: { ...noSignals, findings: [knownImage] }, names: own };
    const words = { kind: 'words', prompt, negativePrompt, besidePicture } as const;
    const isRefused = (some: Signals) => this.parts.policy.judge(some).action === 'refuse';
    // What is refused here is not sent to anybody else.
    const { signals, asked } = await this.parts.panel.evaluate('prompt', words, isRefused);
    const names = [...own, ...asked];
    if (!besidePicture || isRefused(signals)) return { signals, names };
    const seen = await this.parts.pictures.find(request, opened);
    return { signals: merged([signals, seen]), names: [...names, ...this.parts.pictures.names] };
  }

  /** What came of it is never a job: words and pictures are gone unless they are kept here and now. */
  private async seal(decisionId: string, { jobId, pictures, ...request }: Request): Promise<void> {
    const { prompt, negativePrompt } = request;
    const words = Buffer.from(JSON.stringify({ prompt, negativePrompt }));
    const name = (part: string) => `refused/${jobId}/${part}`;
    const mediaType = 'application/json';
    await this.parts.quarantine.keep(decisionId, { name: name('words'), mediaType, bytes: words });
    for (const [at, { sealed, mediaType: its }] of pictures.entries()) {
      const bytes = await this.parts.objects.open(sealed.key, sealed.dataKey, sealed.digest);
      await this.parts.quarantine.keep(decisionId, { name: name(`${at}`), mediaType: its, bytes });
    }
  }

  /** `undefined` when one of them is known. */
  private async openUnknown(request: Request, banks: Banks): Promise<OpenedPicture[] | undefined> {
    const { jobId, pictures } = request;
    if (pictures.some((one) => this.isKnownFile(one, banks))) return undefined;
    const opened = await Promise.all(
      pictures.map(async (picture) => {
        const one = await this.open(jobId, picture);
        return { one, known: await this.isKnown(request, picture, one.bytes, banks) };
      }),
    );
    return opened.some(({ known }) => known) ? undefined : opened.map(({ one }) => one);
  }

  private isKnownFile({ digests }: Picture, banks: Banks): boolean {
    if (digests.some((one) => this.parts.policy.knownImages.has(one))) return true;
    return banks.has({ digests, hashes: [] });
  }

  private async isKnown(
    { jobId, accountId }: Request,
    { digests, mediaType }: Picture,
    bytes: Uint8Array | undefined,
    banks: Banks,
  ): Promise<boolean> {
    const pdqs = bytes === undefined ? [] : await pdqOfPicture(bytes);
    // What is made of it is found by it, when it has to be taken down.
    const about = { jobId, accountId, digests, mediaType, output: null, pdqs };
    await this.parts.sightings.record(about);
    return banks.has({ digests, hashes: pdqs.flatMap(({ hashes }) => hashes) });
  }

  /** A film is not: see docs/known-images.md. @throws when it does not open: no verdict */
  private async open(jobId: string, { sealed, mediaType, role }: Picture): Promise<OpenedPicture> {
    if (mediaType === 'video/mp4') return { role, bytes: undefined };
    if (!sealed.key.startsWith(`jobs/${jobId}/inputs/`)) {
      throw new Error(`a picture of ${jobId} lies among those of another job`);
    }
    const { key, dataKey, digest } = sealed;
    return { role, bytes: await this.parts.objects.open(key, dataKey, digest) };
  }
}

const digestOf = (value: unknown): string => hash('sha256', canonicalJson(value), 'hex');
