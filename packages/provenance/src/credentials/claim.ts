/** What is said of an output in its content credentials. */
export interface Claim {
  /** What made it, such as `Safelight builtin/atelier`. */
  readonly tool: string;
  /** An IPTC digital source type, as a URL. */
  readonly digitalSourceType: string;
  readonly jobId: string;
  /** Which output of the job, from 0. */
  readonly picture: number;
  /** The id in the watermark, where one was written. */
  readonly watermark?: string | undefined;
  /** SHA-256 of each picture that it was made from, as the job had it. */
  readonly madeFrom: readonly string[];
}

export type SignedMediaType = 'image/png' | 'image/jpeg' | 'image/webp' | 'video/mp4';

/** Names the kind of watermark in a soft binding; not in C2PA's list of registered ones. */
export const WATERMARK_ALGORITHM = 'org.safelight.watermark.1';

/** The manifest (C2PA 2.x) that is signed into a file. Nothing in it shows what the inputs were. */
export function manifestOf(claim: Claim, mediaType: SignedMediaType) {
  const { tool, digitalSourceType, jobId, picture, watermark, madeFrom } = claim;
  const parents = madeFrom.map((digest, at) => ({
    title: `input ${at + 1}`,
    relationship: at === 0 ? 'parentOf' : 'inputTo',
    instance_id: `urn:sha256:${digest}`,
  }));
  const opened = {
    action: 'c2pa.opened',
    parameters: { ingredientIds: [`urn:sha256:${madeFrom[0] ?? ''}`] },
  };
  const made = { digitalSourceType, softwareAgent: { name: tool } };
  const actions =
    parents.length === 0
      ? [{ action: 'c2pa.created', ...made }]
      : [opened, { action: 'c2pa.edited', ...made }];
  const binding = { alg: WATERMARK_ALGORITHM, blocks: [{ scope: {}, value: watermark }] };
  return {
    claim_generator_info: [{ name: 'Safelight' }],
    format: mediaType,
    instance_id: `urn:safelight:${jobId}:${picture}`,
    ingredients: parents,
    assertions: [
      { label: 'c2pa.actions.v2', data: { actions } },
      { label: 'org.safelight.output', data: { job_id: jobId, output: picture } },
      ...(watermark === undefined ? [] : [{ label: 'c2pa.soft-binding', data: binding }]),
    ],
  };
}
