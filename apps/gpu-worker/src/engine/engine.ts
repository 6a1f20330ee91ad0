import type { Sampler } from '@safelight/contracts';

/**
 * What one picture asks of an engine. `seed` is this image's own, an unsigned 32-bit integer.
 * `width` and `height` are of a generated picture; an edit comes out as large as its image, and an
 * upscaled image `scale` times as wide and high.
 */
export interface EngineRequest {
  operation: 'generate' | 'edit' | 'upscale' | 'video' | 'face-swap' | 'face-swap-video';
  model: string;
  prompt: string;
  negativePrompt: string;
  width: number;
  height: number;
  steps: number;
  guidance: number;
  seed: number;
  format: 'png' | 'jpeg' | 'webp';
  /** A PNG, JPEG or WebP: what to edit or upscale, or what a generation begins with. */
  image?: Uint8Array;
  /** PNG as large as `image`: white is to be repainted. */
  mask?: Uint8Array;
  /** What to repaint where there is no mask. */
  automask?: 'subject' | 'background';
  /** How far `image` is left behind, 0..1: 0 keeps it, 1 ignores it. */
  strength?: number;
  /** How many times wider and higher an upscaled picture gets. */
  scale?: 2 | 4;
  /** Of a video: its length and its pictures a second. */
  seconds?: number;
  fps?: number;
  /** A PNG, JPEG or WebP: whose face is to be seen. */
  face?: Uint8Array;
  /** An MP4 (H.264, baseline): the film whose first `seconds` are worked on. */
  video?: Uint8Array;
  /** The public name of the sampler, such as `DPM++ 2M Karras`. */
  sampler?: Sampler;
  /** How many of the text encoder's last layers are left out, from 1. */
  clipSkip?: number;
  vae?: string;
  loras?: readonly WeightedModel[];
  embeddings?: readonly string[];
  references?: readonly (WeightedModel & { image: Uint8Array })[];
  controls?: readonly ControlUnit[];
  /** The watermark that the picture is to carry; none for a trial whose picture nobody gets. */
  imprint?: Imprint;
}

/** Decoded pixels: four bytes each (sRGB and alpha, not premultiplied), row by row. */
export interface Pixels {
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** An invisible watermark, to be written into one picture. */
export interface Imprint {
  /** What it says: 16 hexadecimal digits. */
  readonly id: string;
  /**
   * The picture with it.
   *
   * @param made which pixels may change (any value above 0); all where not given
   */
  into(picture: Pixels, made?: Uint8Array): Promise<Pixels>;
}

/** A part beside the model, by the name that the engine knows it by; `strength` 0..1. */
export interface WeightedModel {
  model: string;
  strength: number;
}

/** Guides the drawing by a picture's structure, in a share of the steps (`start`..`end`, 0..1). */
export interface ControlUnit extends WeightedModel {
  image: Uint8Array;
  preprocessor?: string;
  start: number;
  end: number;
}

/** `step` of `steps` is done; a run reports each step once, in order. */
export interface EngineProgress {
  step: number;
  steps: number;
}

/** A finished picture or video, already encoded and marked as machine-made. */
export interface EngineOutput {
  bytes: Uint8Array;
  mediaType: 'image/png' | 'image/jpeg' | 'image/webp' | 'video/mp4';
  width: number;
  height: number;
  seed: number;
  /** The part of the run that went into loading models, in milliseconds, where the engine knows it. */
  loadMs?: number;
  /** The most video memory that the run had in use, in bytes, where the engine knows it. */
  peakVramBytes?: number;
  /** How long a video is. */
  seconds?: number;
  /** The id of the watermark that was written into the picture. */
  watermark?: string;
  /** How it came to be: an IPTC digital source type, as a URL. Made by a trained model where not said. */
  digitalSourceType?: string;
  /** A plain card of load tests, the same bytes for everybody: it gets no content credentials. */
  plain?: true;
}

/** One model an engine can run, and what it costs to plan for. */
export interface EngineModel {
  name: string;
  description: string;
  operations: readonly EngineRequest['operation'][];
  /** Of what comes out, in pixels. */
  maxWidth: number;
  maxHeight: number;
  /** Of a video: its length, and its pictures a second. */
  maxSeconds?: number;
  maxFps?: number;
  defaultSteps: number;
  gpuSecondsPerMegapixelStep: number;
  /** Further fields of a request that it honours, by their names in the public API. */
  features?: readonly string[];
  /** It was trained without a negative prompt: what styles add to one is left out. */
  withoutNegative?: boolean;
  /** Those that it draws with; left out where it is not known that it lacks any. */
  samplers?: readonly Sampler[];
  /** GPU memory that it needs, where somebody measured it. Bytes. */
  vramBytes?: number;
  /** Pictures without which it makes nothing. */
  requires?: readonly ('image' | 'mask' | 'face')[];
  /** It finds no regions by itself. */
  withoutAutomask?: boolean;
  /** What it can use beside the model, by the engine's own names; left out where nobody asked the engine. */
  parts?: readonly string[];
}

export interface EngineCapabilities {
  engine: string;
  models: EngineModel[];
  /** Models that are loaded now, or need no loading. */
  warm?: readonly string[];
  /** How many runs it does side by side; 1 where it does not say. */
  slots?: number;
  /** Models that it wants tried before it takes work, where no operator names others. */
  warmUp?: readonly string[];
}

/** The port behind which every picture-making engine stands. */
export interface Engine {
  /** As they are now: read again whenever the worker offers its slots, every few seconds. */
  readonly capabilities: EngineCapabilities;

  /**
   * Makes a model ready to run, where that can be done apart from a run; otherwise does nothing.
   * Throws `EngineError` `engine.model_unknown`.
   */
  load(model: string, signal?: AbortSignal): Promise<void>;

  /**
   * Makes one picture. Progress is reported in order, once per step. When the signal
   * aborts, the work stops before its next step and `EngineCancelled` is thrown: within a second,
   * for a run that has not ended by then makes its worker give the whole engine up. Throws
   * `EngineLost` when the engine itself is gone, at once and not by a time limit.
   */
  run(
    request: EngineRequest,
    onProgress: (progress: EngineProgress) => void,
    signal: AbortSignal,
  ): Promise<EngineOutput>;

  health(): Promise<{ ok: boolean; detail: string }>;

  /**
   * After a loss: starts again what died, or connects anew. Tried again, with growing pauses, until
   * `health` is ok; may throw. An engine that others start again need not have it.
   */
  revive?(): Promise<void>;

  /** Frees what the engine holds; runs still under way end with `EngineCancelled`. */
  close(): Promise<void>;
}

/** An engine's refusal or failure, with a stable dotted code. */
export class EngineError extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'EngineError';
  }
}

/** The engine crashed, hangs or is out of reach: no fault of the job, which another worker may run. */
export class EngineLost extends EngineError {
  constructor(message: string, options?: ErrorOptions) {
    super('engine.lost', message, options);
    this.name = 'EngineLost';
  }
}

/** The run was cancelled by its caller, or because the engine closed. */
export class EngineCancelled extends Error {
  readonly code = 'engine.cancelled';

  constructor(message = 'the run was cancelled') {
    super(message);
    this.name = 'EngineCancelled';
  }
}
