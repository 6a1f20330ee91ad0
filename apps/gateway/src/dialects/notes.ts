type Metadata = Readonly<Record<string, string>>;

const DIALECT = 'dialect';
const MODEL = 'dialect.model';
const NOT_HONOURED = 'dialect.not_honoured';
const DETECTION = 'dialect.detection';

/** What a dialect must know again when it is asked about a job. Kept as the job's own metadata. */
export interface Notes {
  readonly dialect: 'images' | 'novita';
  /** The model's name as it was asked for. */
  readonly model: string | undefined;
  /** Fields of the request that were accepted and could not be honoured, as `request.loras`. */
  readonly notHonoured: readonly string[];
  /** The client wants to read what the check of each picture found. */
  readonly detection: boolean;
}

export const metadataOf = ({ dialect, model, notHonoured, detection }: Notes): Metadata => ({
  [DIALECT]: dialect,
  ...(model === undefined ? {} : { [MODEL]: model }),
  ...(notHonoured.length === 0 ? {} : { [NOT_HONOURED]: notHonoured.join(' ') }),
  ...(detection ? { [DETECTION]: 'true' } : {}),
});

/** Of a job that came through the native API there is nothing to know. */
export const notHonouredIn = (metadata: Metadata): string[] =>
  metadata[NOT_HONOURED]?.split(' ') ?? [];

export const wantsDetection = (metadata: Metadata): boolean => metadata[DETECTION] === 'true';

/** For an answer: named only where there is something to name. */
export const notHonouredField = (fields: readonly string[]): { not_honoured?: string[] } =>
  fields.length === 0 ? {} : { not_honoured: [...fields] };
