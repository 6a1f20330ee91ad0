import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { apart, areaOf, type Box } from './boxes.js';
import { FACE_SIDE, facesIn } from './face-boxes.js';
import { artifactsOf } from './model-files.js';
import { type ModelName, models } from './models.js';
import type { View } from './pixels.js';
import { isSpoilt } from './plain-sight.js';
import {
  type Face,
  isMeshed,
  type NudityClasses,
  type Question,
  type Seen,
  signalsOf,
} from './signals.js';

const PERSON_SIDE = 512;
const POSE_SIDE = 192;
const NUDITY_SIDE = 224;
/** How far inputs are blurred for further readings, in pixels of the small square. */
const BLURS = [1.5, 4];
const MESH_SIDE = 192;
const AGE_SIDE = 224;
/** Faces that are looked at closely; the rest count as faces alone. */
const MOST_FACES = 12;
/** A tenth of a second each: the largest ones. */
const MOST_AGES = 4;
const FACE_MARGIN = 1.4;
const DETECTIONS = 100;
/** Years that the age model tells apart, from 0. */
const AGES = 100;
const PERSON_CLASS = 0;

/** The loaded models. For a thread of its own: each question keeps it busy for tenths of a second. */
export class Models {
  private constructor(private readonly loaded: Readonly<Record<ModelName, GraphModel>>) {}

  /** @throws ModelFileRefused where a file is not the one that is pinned; whatever loading throws */
  static async load(): Promise<Models> {
    await tf.setBackend('wasm');
    await tf.ready();
    if (tf.getBackend() !== 'wasm') throw new Error('WebAssembly is not to be had');
    const pairs = Object.entries(models).map(async ([name, model]) => {
      const artifacts = await artifactsOf(model);
      return [name, await loadGraphModel({ load: async () => artifacts })] as const;
    });
    return new Models(
      Object.fromEntries(await Promise.all(pairs)) as Record<ModelName, GraphModel>,
    );
  }

  /** @throws whatever a model throws */
  async look(views: readonly View[], question: Question): Promise<Seen[]> {
    const seen: Seen[] = [];
    for (const view of views) {
      const one = await this.lookAt(view, question);
      seen.push(one);
      const found = signalsOf([one]).person !== 'none';
      if (question === 'input' && !found && isSpoilt(await view.plain())) {
        seen.push(await this.lookForPeople(await view.cleared(), one));
      }
    }
    return seen;
  }

  /** Once more, for whoever noise or darkness may hide. What else was seen stays as it was. */
  private async lookForPeople(view: View, first: Seen): Promise<Seen> {
    const square = await view.square(PERSON_SIDE);
    const faces = this.facesIn(await view.square(FACE_SIDE), square);
    return {
      ...first,
      faces: faces.map((face) => ({ ...face, ...placed(face, view) })),
      persons: this.personsIn(square).map((box) => placed(box, view)),
      joints: this.jointsIn(await view.square(POSE_SIDE)),
    };
  }

  private async lookAt(view: View, question: Question): Promise<Seen> {
    const readings = [this.nudityIn(await view.stretched(NUDITY_SIDE))];
    for (const sigma of question === 'input' ? BLURS : []) {
      readings.push(this.nudityIn(await view.stretched(NUDITY_SIDE, sigma)));
    }
    const square = await view.square(PERSON_SIDE);
    const faces = this.facesIn(await view.square(FACE_SIDE), square);
    const mapped = { readings, faces: faces.map((face) => ({ ...face, ...placed(face, view) })) };
    if (question === 'output') return { ...mapped, persons: [], joints: [], mosaic: false };
    return {
      ...mapped,
      persons: this.personsIn(square).map((box) => placed(box, view)),
      joints: this.jointsIn(await view.square(POSE_SIDE)),
      mosaic: false,
    };
  }

  private nudityIn(pixels: Uint8Array): NudityClasses {
    const [shares] = this.answers('nudity', () => tf.div(pictureOf(pixels, NUDITY_SIDE), 255));
    const share = (index: number) => certainly(shares?.[index]);
    return {
      drawing: share(0),
      explicitDrawing: share(1),
      neutral: share(2),
      explicit: share(3),
      suggestive: share(4),
    };
  }

  private facesIn(small: Uint8Array, square: Uint8Array): Face[] {
    const [fine, coarse, finePlaces, coarsePlaces] = this.answers(
      'faces',
      () => tf.sub(tf.div(pictureOf(small, FACE_SIDE), 127.5), 1),
      ['Identity', 'Identity_1', 'Identity_2', 'Identity_3'],
    );
    if (!fine || !coarse || !finePlaces || !coarsePlaces) throw new Error('no answer about faces');
    const found = facesIn([fine, coarse], [finePlaces, coarsePlaces]);
    const near = found.slice(0, MOST_FACES);
    const flags = this.ofFaces('faceMesh', near, square, MESH_SIDE, 255, ['Identity_1']);
    const faces = found.map((box, at) => ({
      ...{ ...box, age: null },
      mesh: at < near.length ? certainly(flags[at]) : 0,
    }));
    const aged = [...faces]
      .filter(isMeshed)
      .sort((a, b) => areaOf(b) - areaOf(a))
      .slice(0, MOST_AGES);
    const ages = this.ofFaces('ages', aged, square, AGE_SIDE, 1, ['age_pred/Softmax']);
    return faces.map((face) => {
      const at = aged.indexOf(face);
      return at < 0 ? face : { ...face, age: ageOf(ages.subarray(at * AGES, (at + 1) * AGES)) };
    });
  }

  private ofFaces(
    model: ModelName,
    faces: readonly Box[],
    square: Uint8Array,
    side: number,
    divisor: number,
    outputs: string[],
  ): Float32Array {
    if (faces.length === 0) return new Float32Array();
    const [answer] = this.answers(
      model,
      () =>
        tf.div(
          tf.image.cropAndResize(
            pictureOf(square, PERSON_SIDE),
            faces.map(aroundFace),
            faces.map(() => 0),
            [side, side],
          ),
          divisor,
        ),
      outputs,
    );
    if (!answer) throw new Error(`no answer of ${model}`);
    return answer;
  }

  private personsIn(square: Uint8Array): Box[] {
    const [detections] = this.answers('persons', () => pictureOf(square, PERSON_SIDE), [
      'tower_0/detections',
    ]);
    const found = Array.from({ length: DETECTIONS }, (_, at): Box[] => {
      const value = (index: number) => certainly(detections?.[at * 6 + index]);
      if (value(5) !== PERSON_CLASS) return [];
      const [x, y] = [value(0) / PERSON_SIDE, value(1) / PERSON_SIDE];
      const [width, height] = [value(2) / PERSON_SIDE - x, value(3) / PERSON_SIDE - y];
      return [{ x, y, width, height, score: value(4) }];
    });
    return apart(found.flat());
  }

  private jointsIn(square: Uint8Array): number[] {
    const [joints] = this.answers('poses', () => tf.cast(pictureOf(square, POSE_SIDE), 'int32'));
    return Array.from({ length: 17 }, (_, at) => certainly(joints?.[at * 3 + 2]));
  }

  /** What a model says, all tensors given back. */
  private answers(name: ModelName, input: () => tf.Tensor, outputs?: string[]): Float32Array[] {
    return tf.tidy(() => {
      const said = this.loaded[name].execute(input(), outputs);
      return (Array.isArray(said) ? said : [said]).map((one) => one.dataSync() as Float32Array);
    });
  }
}

const pictureOf = (pixels: Uint8Array, side: number): tf.Tensor4D =>
  tf.tensor4d(Float32Array.from(pixels), [1, side, side, 3]);

/** A number that is none is no answer: nothing may be taken from it. */
function certainly(value: number | undefined): number {
  if (value === undefined || !Number.isFinite(value)) throw new Error('a model gave no number');
  return value;
}

/** Years: the mean over what the model finds likely. */
function ageOf(likely: Float32Array): number {
  return certainly(likely.reduce((sum, share, years) => sum + share * years, 0));
}

/** Top, left, bottom, right of a square about a face, with some room. */
function aroundFace({ x, y, width, height }: Box): [number, number, number, number] {
  const half = (Math.max(width, height) * FACE_MARGIN) / 2;
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  return [middleY - half, middleX - half, middleY + half, middleX + half];
}

/** From shares of the black square to shares of the picture in its middle. */
function placed(box: Box, { whole }: View): Box {
  const longer = Math.max(whole.width, whole.height);
  const [across, down] = [whole.width / longer, whole.height / longer];
  return {
    x: (box.x - (1 - across) / 2) / across,
    y: (box.y - (1 - down) / 2) / down,
    width: box.width / across,
    height: box.height / down,
    score: box.score,
  };
}
