import type { WantedJob } from '../jobs/wanted-job.js';
import type { Picture } from '../pictures/picture.js';
import type { Notes } from './notes.js';

/** A field of a dialect that no model here honours. */
export interface Foreign {
  /** Its name in the deployment's setting. */
  readonly field: string;
  /** Where it stands in the client's request: `request.hires_fix`. */
  readonly at: string;
}

/** Fields that were asked for, by name; `part` is the object that they stand in. */
export const foreignFields = (
  fields: Readonly<Record<string, boolean>>,
  part?: string,
): Foreign[] =>
  Object.entries(fields)
    .filter(([, isAsked]) => isAsked)
    .map(([field]) => ({ field, at: part === undefined ? field : `${part}.${field}` }));

/** A picture of the request, as it was sent. */
export interface SentPicture {
  readonly role: 'image' | 'mask' | 'reference' | 'control';
  /** JSON pointer of its field. */
  readonly pointer: string;
  /** In base64, or as it came in a form. */
  readonly sent: string | Buffer;
}

/** A field of a dialect that some models honour: its native name is that of the feature. */
export interface Optional extends Foreign {
  readonly feature: string;
}

/** The pictures of a request once they were taken in. */
export type TakenPictures = Readonly<Partial<Record<'image' | 'mask', Picture>>>;

/** A request of a dialect, translated. */
export interface Wish {
  readonly notes: Omit<Notes, 'notHonoured'>;
  readonly foreign: readonly Foreign[];
  readonly operation: 'generate' | 'edit' | 'upscale';
  /** Asked for, and honoured by some models. */
  readonly optional: readonly Optional[];
  readonly pictures: readonly SentPicture[];
  /**
   * The native command, whatever the model; sizes may be those of a picture. `without`: features that
   * the model does not honour and that may go unhonoured.
   */
  readonly job: (
    pictures: TakenPictures,
    without: ReadonlySet<string>,
  ) => WantedJob & { readonly foreign?: readonly Foreign[] };
}
