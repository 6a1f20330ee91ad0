import { z } from 'zod';

const storedFile = z.object({
  filename: z.string(),
  subfolder: z.string().default(''),
  type: z.string().default('output'),
});
/** A file in one of ComfyUI's folders, as `/view` takes it. */
export type StoredFile = z.output<typeof storedFile>;

/** How a run ended, and the files that each node has left. */
export interface HistoryEntry {
  readonly succeeded: boolean;
  /** What happened on the way: the name of an event, and what is said of it. */
  readonly messages: readonly (readonly [string, unknown])[];
  readonly files: ReadonlyMap<string, readonly StoredFile[]>;
}

/** Servers of years past have no status; then what was left decides. */
const told = z.object({
  outputs: z.record(z.string(), z.unknown()),
  status: z.object({ status_str: z.string(), messages: z.array(z.unknown()).catch([]) }).nullish(),
});

/**
 * Reads an entry of the history leniently: what custom nodes say of themselves beside our output is
 * theirs, and no reason to lose a run.
 *
 * @returns undefined for what is no such entry
 */
export function readHistory(entry: unknown): HistoryEntry | undefined {
  const read = told.safeParse(entry);
  if (!read.success) return undefined;
  const { outputs, status } = read.data;
  const files = Object.entries(outputs).map(([node, left]) => [node, filesIn(left)] as const);
  return {
    succeeded: status ? status.status_str === 'success' : true,
    messages: (status?.messages ?? []).filter(isMessage),
    files: new Map(files),
  };
}

/** Videos and animations are listed among the images too. */
function filesIn(left: unknown): StoredFile[] {
  const images = typeof left === 'object' && left !== null && 'images' in left ? left.images : [];
  if (!Array.isArray(images)) return [];
  return (images as unknown[]).flatMap((one) => {
    const read = storedFile.safeParse(one);
    return read.success ? [read.data] : [];
  });
}

const isMessage = (one: unknown): one is [string, unknown] =>
  Array.isArray(one) && typeof one[0] === 'string';
