/** One model: weights that ship in an installed package, pinned by their SHA-256. */
export interface PinnedModel {
  /** Named in receipts and health; the number changes with what is made of its answers. */
  readonly name: string;
  /** The package's folder that has the files. */
  readonly folder: 'human' | 'nsfwjs';
  /** Path in the folder to SHA-256; a file of other bytes is not read any further. */
  readonly files: Readonly<Record<string, string>>;
  /** Whose it is, and what its licence is known from (docs/images-moderation.md). */
  readonly licence: string;
}

const human = (name: string, topology: string, weights: string) => ({
  [`models/${name}.json`]: topology,
  [`models/${name}.bin`]: weights,
});

/** The models that look at pictures, all of them or none: what one cannot say, nobody can. */
export const models = {
  faces: {
    name: 'safelight-faces/1 (blazeface)',
    folder: 'human',
    files: human(
      'blazeface',
      'cd7bbfc078270572beb39f9e5ae67aadbd50b5e67cff37e6d4f6b3ea39312e5f',
      'dc9a97fdc50bc43216554bdd69aa3e7b9361a519ee7bdd996a2f69a98a6f9b72',
    ),
    licence: 'Apache-2.0 (MediaPipe)',
  },
  faceMesh: {
    name: 'safelight-face-mesh/1 (facemesh)',
    folder: 'human',
    files: human(
      'facemesh',
      'b60ca26f404724f43bd2b1575761d8265180e1f053cc0731caa68462927309e7',
      '3826da640b0a3021161605369ee6af293f75d518040355b960ec71a3390c1c0b',
    ),
    licence: 'Apache-2.0 (MediaPipe)',
  },
  ages: {
    name: 'safelight-ages/1 (faceres)',
    folder: 'human',
    files: human(
      'faceres',
      '5b83d49c0385d2e68a05122441b94226313677cae9fcc40b9587ad50079eb4df',
      '2c7d2d62b76c97528b736527aa09d310ea71743c9e3e79fb6c62d4b2d73af79b',
    ),
    licence: 'not stated in the package; from HSE_FaceRec_tf',
  },
  persons: {
    name: 'safelight-persons/1 (centernet)',
    folder: 'human',
    files: human(
      'centernet',
      'bfb942eaacc5becf738d536663bc4580a0ae9e560722306e6d4dd7fe4a09de05',
      '1b635a15009071f506f9f2b3519b31c072c534888989f30d269ffd44734ef7ef',
    ),
    licence: 'not stated by its author; from mobilenetv3_centernet',
  },
  poses: {
    name: 'safelight-poses/1 (movenet-lightning)',
    folder: 'human',
    files: human(
      'movenet-lightning',
      'df8cbde44d00f533ccc4916a7c6ebc17316532fb3fadad114ec667fef22872e9',
      'bf97bc10d9c8a11200b0190ed64ce039b6252f1aff7cb552aca99b3d191c2f34',
    ),
    licence: 'Apache-2.0 (MoveNet)',
  },
  nudity: {
    name: 'safelight-nudity/1 (nsfwjs-mobilenet-v2-mid)',
    folder: 'nsfwjs',
    files: {
      'models/mobilenet_v2_mid/model.min.js':
        'a7a9e701491e2449b221dab7c424957f853e700602b5575da33cfd745616f964',
      'models/mobilenet_v2_mid/group1-shard1of2.min.js':
        'f2e79a209e44d668220ec5f1533a98f2be954e3953685bf074d201b82fefc29a',
      'models/mobilenet_v2_mid/group1-shard2of2.min.js':
        'f291df992a0131741372506a6072fb9f1645bff7c973c983fd6276f5f9625d5e',
    },
    licence: 'MIT (nsfwjs, nsfw_model)',
  },
} as const satisfies Readonly<Record<string, PinnedModel>>;

export type ModelName = keyof typeof models;

/** A benign picture of adults that ships with the models; what they are to say of it is pinned too. */
export const knownPicture = {
  folder: 'human',
  file: 'assets/screenshot-facedetect.jpg',
  digest: 'f5310f98bc9d6db7f1d4073b323ded78969b30941de24f48fb1579c7d9ce6e58',
} as const;
