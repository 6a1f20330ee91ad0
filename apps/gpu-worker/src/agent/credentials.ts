import { hash } from 'node:crypto';
import type { Claim, CredentialsSigner } from '@safelight/provenance';
import type { EngineOutput } from '../engine/engine.js';
import { TRAINED_ALGORITHMIC_MEDIA } from '../engine/mark.js';
import type { Pictures } from './inputs.js';

/** Which output of which job. */
export interface Place {
  readonly jobId: string;
  readonly picture: number;
  readonly model: string;
}

/** An output with its content credentials; a plain card stays as it is. The digest is taken of what comes back. */
export async function withCredentials(
  signer: Pick<CredentialsSigner, 'sign'> | undefined,
  made: EngineOutput,
  pictures: Pictures,
  { jobId, picture, model }: Place,
): Promise<EngineOutput> {
  if (signer === undefined || made.plain === true) return made;
  const claim: Claim = {
    tool: `Safelight ${model}`,
    digitalSourceType: made.digitalSourceType ?? TRAINED_ALGORITHMIC_MEDIA,
    watermark: made.watermark,
    madeFrom: madeFrom(pictures),
    ...{ jobId, picture },
  };
  return { ...made, bytes: await signer.sign(made.bytes, made.mediaType, claim) };
}

/** What is worked on first; masks and guides are no part of what is seen. */
const madeFrom = ({ image, video, face, references = [] }: Pictures): string[] =>
  [image, video, face, ...references]
    .filter((bytes) => bytes !== undefined)
    .map((bytes) => hash('sha256', bytes, 'hex'));
