import { EngineError, type EngineCapabilities, type EngineModel } from '../engine.js';

export const ATELIER = 'builtin/atelier';
export const BLANK = 'builtin/blank';
export const LANCZOS = 'builtin/lanczos';
export const CINEMA = 'builtin/cinema';
export const FACE_STAND_IN = 'builtin/face-stand-in';
export const FACE_VIDEO_STAND_IN = 'builtin/face-stand-in-video';

const LARGEST = 2048;
const LARGEST_ENLARGED = 4096;
const LARGEST_FILMED = 1280;
const LONGEST_SWAPPED = 60;

/** Of both that work on faces. */
const STAND_IN =
  'A stand-in, and no real face swap: it lays the face, posterised, hatched and outlined, in an ' +
  'oval marked STAND-IN over the largest face-like region, which it finds by the colour of skin and ' +
  'two dark places side by side, without any trained model. It may find none. ';

/** The longest film, in seconds, and its most pictures a second. */
export const FILM_LIMITS = { seconds: 10, fps: 30 } as const;

/** What the built-in engine offers, and says about itself. */
export const builtinCapabilities: EngineCapabilities = {
  engine: 'builtin',
  warm: [ATELIER, CINEMA, BLANK, FACE_STAND_IN, FACE_VIDEO_STAND_IN],
  models: [
    {
      name: ATELIER,
      description:
        'Paints a scene from the words of the prompt by rule, on the CPU, without any trained ' +
        'model or weights; an image to begin with lends it colours and structure, and an edit ' +
        'sets the scene into the masked part. A mask that it finds by itself is an approximation ' +
        'from colours alone. It stands in for a GPU engine where there is none.',
      operations: ['generate', 'edit'],
      maxWidth: LARGEST,
      maxHeight: LARGEST,
      defaultSteps: 20,
      gpuSecondsPerMegapixelStep: 0.04,
    },
    {
      name: LANCZOS,
      description:
        'Enlarges an image 2 or 4 times by Lanczos resampling and back-projection, classical ' +
        'methods without any trained model: it sharpens what is there and invents nothing. At ' +
        'most 4096 pixels a side come out. It stands in for a GPU engine where there is none.',
      operations: ['upscale'],
      maxWidth: LARGEST_ENLARGED,
      maxHeight: LARGEST_ENLARGED,
      defaultSteps: 6,
      gpuSecondsPerMegapixelStep: 0.03,
    },
    {
      name: CINEMA,
      description:
        'Films a scene that it paints from the words by rule: planes that a camera passes, with ' +
        'drifting clouds, waves, rain or snow; or a given image, into which the camera moves ' +
        'without knowing what is in it. Classical methods without any trained model. At most ' +
        `${String(FILM_LIMITS.seconds)} seconds, ${String(FILM_LIMITS.fps)} pictures a second and ` +
        `${String(LARGEST_FILMED)} pixels a side. It stands in for a GPU engine where there is none.`,
      operations: ['video'],
      maxWidth: LARGEST_FILMED,
      maxHeight: LARGEST_FILMED,
      maxSeconds: FILM_LIMITS.seconds,
      maxFps: FILM_LIMITS.fps,
      defaultSteps: 10,
      gpuSecondsPerMegapixelStep: 2,
    },
    {
      name: FACE_STAND_IN,
      description: `${STAND_IN}In an image of at most 2048 pixels a side.`,
      operations: ['face-swap'],
      maxWidth: LARGEST,
      maxHeight: LARGEST,
      defaultSteps: 1,
      gpuSecondsPerMegapixelStep: 0.6,
    },
    {
      name: FACE_VIDEO_STAND_IN,
      description:
        `${STAND_IN}In each frame of a video of at most ${String(LONGEST_SWAPPED)} seconds and ` +
        `${String(LARGEST_FILMED)} pixels a side; without sound.`,
      operations: ['face-swap-video'],
      maxWidth: LARGEST_FILMED,
      maxHeight: LARGEST_FILMED,
      maxSeconds: LONGEST_SWAPPED,
      maxFps: FILM_LIMITS.fps,
      defaultSteps: 1,
      gpuSecondsPerMegapixelStep: 20,
    },
    {
      name: BLANK,
      description:
        'Returns one plain picture at once and ignores the prompt; it draws nothing and is ' +
        'meant for load tests only.',
      operations: ['generate'],
      maxWidth: LARGEST,
      maxHeight: LARGEST,
      defaultSteps: 1,
      gpuSecondsPerMegapixelStep: 0,
    },
  ],
};

/** Throws `engine.model_unknown` unless the built-in engine has the model. */
export function assertModel(model: string): EngineModel {
  const known = builtinCapabilities.models.find(({ name }) => name === model);
  if (known) return known;
  throw new EngineError('engine.model_unknown', `the built-in engine has no model ${model}`);
}
