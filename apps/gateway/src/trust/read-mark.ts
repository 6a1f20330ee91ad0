/** What a file says of how it was made. */
export interface Mark {
  /** The last part of an IPTC digital source type, e.g. `algorithmicMedia`. */
  readonly digitalSourceType: string;
  readonly creatorTool: string | null;
}

const SOURCE_TYPES = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
const TOOL = 'CreatorTool';
const LONGEST_TYPE = 64;
const LONGEST_TOOL = 200;

/**
 * The XMP statement of an image file, where it lies open in the bytes, as in ours: a compressed one
 * is not seen. Anybody can write or remove it.
 */
export function readMark(file: Buffer): Mark | null {
  const at = file.indexOf(SOURCE_TYPES, 0, 'latin1');
  if (at < 0) return null;
  const from = at + SOURCE_TYPES.length;
  const [type] = /^[A-Za-z]*/.exec(file.toString('latin1', from, from + LONGEST_TYPE)) ?? [''];
  return { digitalSourceType: type, creatorTool: toolIn(file) };
}

function toolIn(file: Buffer): string | null {
  const at = file.indexOf(TOOL, 0, 'latin1');
  if (at < 0) return null;
  const from = at + TOOL.length;
  const text = file.toString('utf8', from, from + LONGEST_TOOL);
  return /^(?:="|>)([^"<]*)["<]/.exec(text)?.[1] ?? null;
}

const OUR_TOOL = /^Safelight /;
/** Source types that say "made by a machine", wholly or in part. */
const MACHINE_MADE = /algorithmic/i;

export const isMachineMade = (digitalSourceType: string): boolean =>
  MACHINE_MADE.test(digitalSourceType);

/** Whether somebody else's machine says that it made the file. */
export const isMarkedByOthers = ({ digitalSourceType, creatorTool }: Mark): boolean =>
  isMachineMade(digitalSourceType) && !OUR_TOOL.test(creatorTool ?? '');
