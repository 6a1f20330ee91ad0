import type { WantedJob } from '../jobs/submitting.js';
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
  readonly role: 'image' | 'mask';
  /** JSON pointer of its field. */
  readonly pointer: string;
  /** In base64, or as it came in a form. */
  readonly sent: string | Buffer;
}

/** The pictures of a request once they were taken in. */
export type TakenPictures = Readonly<Partial<Record<SentPicture['role'], Picture>>>;

/** A request of a dialect, translated. */
export interface Wish {
  readonly notes: Omit<Notes, 'notHonoured'>;
  readonly foreign: readonly Foreign[];
  readonly pictures: readonly SentPicture[];
  /** The native command, whatever the model; sizes may be those of a picture. */
  readonly job: (pictures: TakenPictures) => WantedJob & { readonly foreign?: readonly Foreign[] };
}
