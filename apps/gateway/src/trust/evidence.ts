import type { findOutput, ProvenanceEvidence, ProvenanceResource } from '@safelight/contracts';
import { SURE } from '@safelight/provenance';
import type { z } from 'zod';
import type { ReadPicture } from './picture-reading.js';
import { isMachineMade, isMarkedByOthers, type Mark } from './read-mark.js';

/** All that was found out about a file. */
export interface Findings {
  readonly known: z.output<typeof findOutput.reply>;
  readonly picture: ReadPicture;
  readonly mark: Mark | null;
}

type Finding = Omit<ProvenanceEvidence, 'reader'>;
const nothing = (detail: string): Finding => ({ finding: 'nothing', detail, made_at: null });
const notRead = (detail: string): Finding => ({ finding: 'not_read', detail, made_at: null });

/** What each reader found, in words. */
export const evidenceOf = (found: Findings): ProvenanceEvidence[] => [
  { reader: 'content_credentials', ...credentialsOf(found) },
  { reader: 'record', ...recordOf(found) },
  { reader: 'watermark', ...watermarkOf(found) },
  { reader: 'likeness', ...likenessOf(found) },
  { reader: 'mark', ...markOf(found) },
];

/** Ours goes before others': who edits our picture elsewhere may add a mark of their own. */
export function verdictOf(evidence: readonly ProvenanceEvidence[]): ProvenanceResource['verdict'] {
  const has = (finding: Finding['finding']) => evidence.some((one) => one.finding === finding);
  if (has('made_here')) return 'made_here';
  return has('marked_by_others') ? 'marked_by_others' : 'unknown';
}

function credentialsOf({ picture: { credentials } }: Findings): Finding {
  if (credentials === undefined) return notRead('Content credentials could not be read here.');
  const { state, signer, signedAt, sourceTypes } = credentials;
  const who = signer ?? 'somebody without a name';
  switch (state) {
    case 'none':
      return nothing('The file has no content credentials that could be read.');
    case 'broken':
      return nothing(
        'The file has content credentials that do not fit it: one of them was changed.',
      );
    case 'ours': {
      const detail = `The file has content credentials that we signed, as ${who}.`;
      return { finding: 'made_here', detail, made_at: signedAt };
    }
    case 'foreign': {
      const detail = `The file has content credentials signed by ${who}, whom we do not know`;
      if (!sourceTypes.some(isMachineMade)) return nothing(`${detail}.`);
      const finding = 'marked_by_others';
      return { finding, detail: `${detail}: a machine made it.`, made_at: null };
    }
  }
}

function recordOf({ known: { decidedAt } }: Findings): Finding {
  if (decidedAt === null) return nothing('No file with exactly these bytes passed here.');
  const detail = 'A file with exactly these bytes passed here.';
  return { finding: 'made_here', detail, made_at: decidedAt };
}

function watermarkOf({ known, picture }: Findings): Finding {
  if (known.watermark !== null) {
    const detail = `The picture carries the watermark ${known.watermark.id} of an output of ours.`;
    return { finding: 'made_here', detail, made_at: known.watermark.madeAt };
  }
  if (picture.unread !== undefined) return notRead(picture.unread);
  if (!picture.hasKey) return notRead('This deployment has no key to read watermarks with.');
  const [likeliest] = picture.watermarks;
  return nothing(
    likeliest !== undefined && likeliest.strength >= SURE
      ? 'The picture carries a watermark of ours, but of no output on record.'
      : 'No watermark of ours was found.',
  );
}

function likenessOf({ known: { likeness }, picture }: Findings): Finding {
  if (picture.unread !== undefined) return notRead(picture.unread);
  if (likeness === null) {
    return nothing(
      picture.likenesses.length === 0
        ? 'There is too little to be seen in the picture to compare it.'
        : 'The picture looks like no output of ours.',
    );
  }
  const { distance, madeAt, fromPicture } = likeness;
  const near = `${distance} of 256 bits of its perceptual hash differ`;
  if (!fromPicture) {
    const detail = `The picture looks like an output of ours that was made from words alone (${near}).`;
    return { finding: 'made_here', detail, made_at: madeAt };
  }
  return nothing(
    `The picture looks like an output of ours that was made from a picture (${near}), and may be the picture that it was made from.`,
  );
}

function markOf({ mark }: Findings): Finding {
  if (mark === null) return nothing('The file does not say how it was made.');
  if (isMarkedByOthers(mark)) {
    const detail = 'The file says that a machine elsewhere made it. Anybody can write that.';
    return { finding: 'marked_by_others', detail, made_at: null };
  }
  return nothing('The file says how it was made, which proves nothing: anybody can write that.');
}
