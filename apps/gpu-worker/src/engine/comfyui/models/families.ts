/** How the models of one architecture are put into a graph of core nodes. */
export interface Family {
  readonly makes: 'image' | 'video' | 'upscale';
  readonly emptyLatent: string;
  /** `distilled`: trained without a negative prompt; guidance is part of the conditioning. */
  readonly guidance: 'cfg' | 'distilled';
  readonly shiftNode?: string;
  /** The `type` of the text encoders' loader, by how many there are. */
  readonly encoderTypes: Readonly<Record<number, string>>;
  /** The layers of its text encoder can be left out from the end. */
  readonly clipSkip: boolean;
  /** Embeddings are words of its text encoder. */
  readonly embeddings: boolean;
  readonly loraNode: 'LoraLoader' | 'LoraLoaderModelOnly';
  /** A ControlNet of it looks at the picture through the VAE. */
  readonly controlVae: boolean;
  /** Sizes are multiples of this. */
  readonly sizeStep: number;
  /** The number of frames is a multiple of this, and one more. */
  readonly lengthStep: number;
  readonly imageNode?: 'WanImageToVideo' | 'Wan22ImageToVideoLatent' | 'LTXVImgToVideo';
  readonly sampler: string;
}

const classic: Family = {
  ...{ makes: 'image', emptyLatent: 'EmptyLatentImage', guidance: 'cfg', encoderTypes: {} },
  ...{ clipSkip: true, embeddings: true, loraNode: 'LoraLoader', controlVae: false },
  ...{ sizeStep: 8, lengthStep: 1, sampler: 'Euler' },
};
const flow: Family = {
  ...classic,
  ...{ emptyLatent: 'EmptySD3LatentImage', clipSkip: false, embeddings: false },
  ...{ loraNode: 'LoraLoaderModelOnly', controlVae: true, sizeStep: 16, sampler: 'Euler Simple' },
};
const wan: Family = {
  ...flow,
  ...{ makes: 'video', emptyLatent: 'EmptyHunyuanLatentVideo', shiftNode: 'ModelSamplingSD3' },
  ...{ encoderTypes: { 1: 'wan' }, lengthStep: 4, imageNode: 'WanImageToVideo' },
  sampler: 'UniPC Simple',
};

export const families = {
  sd15: { ...classic, encoderTypes: { 1: 'stable_diffusion' } },
  sd21: { ...classic, encoderTypes: { 1: 'stable_diffusion' } },
  sdxl: { ...classic, encoderTypes: { 2: 'sdxl' } },
  sd3: {
    ...flow,
    ...{ shiftNode: 'ModelSamplingSD3', encoderTypes: { 1: 'sd3', 2: 'sd3', 3: '' } },
  },
  auraflow: { ...flow, shiftNode: 'ModelSamplingAuraFlow', encoderTypes: { 1: 'sd3' } },
  qwen: { ...flow, shiftNode: 'ModelSamplingAuraFlow', encoderTypes: { 1: 'qwen_image' } },
  flux: { ...flow, guidance: 'distilled', encoderTypes: { 2: 'flux' } },
  wan,
  wan22: { ...wan, sizeStep: 32, imageNode: 'Wan22ImageToVideoLatent' },
  ltx: {
    ...{ ...wan, emptyLatent: 'EmptyLTXVLatentVideo', encoderTypes: { 1: 'ltxv' }, sizeStep: 32 },
    ...{ shiftNode: undefined, lengthStep: 8, imageNode: 'LTXVImgToVideo', sampler: 'Euler' },
  },
  upscaler: { ...classic, makes: 'upscale' },
} satisfies Record<string, Family>;

export type FamilyName = keyof typeof families;
export const familyNames = Object.keys(families) as [FamilyName, ...FamilyName[]];

export const familyOf = (name: FamilyName): Family => families[name];
