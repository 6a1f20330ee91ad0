import type { screenPrompt } from '@safelight/contracts';
import type { z } from 'zod';
import { noSignals, type Signals } from '../decisions/signals.js';
import { findingOf, scoresOf } from '../combination/as-signals.js';
import { combine } from '../combination/combine.js';
import type { Facts, Intent, MaskRegion, PicturesSeen } from '../combination/facts.js';
import { isGarmentEdit } from '../combination/garment-words.js';
import { NO_MASK, regionOf, regionOfSubject } from '../combination/mask-region.js';
import { maskGridOf } from '../images/mask-grid.js';
import type { PictureLooks } from '../images/picture-models.js';
import type { PictureRecords } from '../images/picture-records.js';
import { presences, type PictureSignals, worstNudity } from '../images/signals.js';
import type { Consents } from '../trust/consents.js';

type Request = z.output<typeof screenPrompt.request>;

/** A picture of the request, opened; of a film there are no bytes. */
export interface OpenedPicture {
  readonly role: Request['pictures'][number]['role'];
  readonly bytes: Uint8Array | undefined;
}

/** Named in receipts; the number changes with what is combined to what. */
const combination = 'safelight-combination/1';

/** Looks into the pictures that a job begins with, and combines what is seen with what is asked. */
export class PictureLook {
  /** For receipts. */
  readonly names: readonly string[];

  constructor(
    private readonly models: PictureLooks,
    private readonly records: Pick<PictureRecords, 'keep'>,
    private readonly consents: Pick<Consents, 'isLive'>,
  ) {
    this.names = [...models.names, combination];
  }

  /**
   * Of a request whose words passed.
   *
   * @returns what is seen, and a finding where that speaks against it
   * @throws PicturesUnseen where nobody can look: there is no verdict
   */
  async find(request: Request, pictures: readonly OpenedPicture[]): Promise<Signals> {
    const looked = pictures.filter(({ role }) => role !== 'mask');
    const stills = looked.flatMap(({ role, bytes }) => (bytes ? [{ role, bytes }] : []));
    const signals = await Promise.all(
      stills.map(async ({ role, bytes }) => ({
        role,
        signals: await this.models.look(bytes, 'input'),
      })),
    );
    const seen = seenOf(signals, looked.length > stills.length);
    const facts: Facts = {
      operation: request.operation ?? 'unknown',
      intent: intentOf(request),
      state: looked.length > stills.length ? 'blind' : 'answered',
      seen,
      mask: await maskOf(request, pictures, signals),
      consent: await this.hasConsent(request),
    };
    await this.records.keep(request.jobId, seen);
    const found = findingOf(combine(facts));
    const scores = scoresOf(seen, this.models.names, 'input');
    return { ...noSignals, findings: found ? [found] : [], scores };
  }

  private async hasConsent({ accountId, consent }: Request): Promise<boolean> {
    return consent !== null && this.consents.isLive(accountId, consent);
  }
}

interface Looked {
  readonly role: OpenedPicture['role'];
  readonly signals: PictureSignals;
}

/**
 * The worst of all. What an output is measured against is the picture it is made from alone: another
 * one beside it may not hide a rise.
 */
function seenOf(looked: readonly Looked[], filmsToo: boolean): PicturesSeen {
  const all = looked.map(({ signals }) => signals);
  const base = looked.filter(({ role }) => role === 'image').map(({ signals }) => signals);
  const measured = base.length > 0 ? base : filmsToo ? [] : all;
  const level = Math.max(0, ...all.map(({ person }) => presences.indexOf(person)));
  return {
    // Into a film nobody looks here: somebody may be in it.
    person: presences[filmsToo ? Math.max(1, level) : level] ?? 'possible',
    lowAge: all.some(({ lowAge }) => lowAge),
    mosaic: all.some(({ mosaic }) => mosaic),
    nudity: worstNudity(all.map(({ nudity }) => nudity)),
    mostNude: worstNudity(measured.map(({ mostNude }) => mostNude)),
  };
}

async function maskOf(
  { automask, repaint }: Request,
  pictures: readonly OpenedPicture[],
  looked: readonly Looked[],
): Promise<MaskRegion> {
  const image = looked.find(({ role }) => role === 'image')?.signals;
  if (!image) return NO_MASK;
  if (automask === 'subject') return regionOfSubject(image);
  const mask = pictures.find(({ role }) => role === 'mask')?.bytes;
  return mask === undefined ? NO_MASK : regionOf(await maskGridOf(mask, repaint), image);
}

function intentOf({ prompt, negativePrompt }: Request): Intent {
  if (prompt.trim() === '' && negativePrompt.trim() === '') return 'none';
  return isGarmentEdit(prompt, negativePrompt) ? 'garment' : 'other';
}
