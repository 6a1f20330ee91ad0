/** One look at a GPU. Bytes. */
export interface GpuReading {
  readonly name: string;
  readonly vramBytes: number;
  readonly freeVramBytes: number;
}

const MEBIBYTE = 2 ** 20;
/** No card has more: what says so is wrong. */
const MOST_MEBIBYTES = 16 * 2 ** 20;
const NAME_LENGTH_MAX = 128;
/** The name may hold commas; the two numbers behind it do not. */
const ROW = /^(?<name>\S.*?)\s*,\s*(?<total>\d{1,9})\s*,\s*(?<free>\d{1,9})\s*$/;

/** Of `nvidia-smi`, without header and units: name, total and free memory in MiB. */
export const QUERY = ['--query-gpu=name,memory.total,memory.free', '--format=csv,noheader,nounits'];

/** The first row, if it can be believed: some cards and drivers say `[N/A]`, and some nonsense. */
export function readingOf(text: string): GpuReading | null {
  const found = ROW.exec(text.split('\n', 1)[0] ?? '')?.groups;
  if (found === undefined) return null;
  const [total, free] = [Number(found['total']), Number(found['free'])];
  if (total === 0 || total > MOST_MEBIBYTES || free > total) return null;
  return {
    name: (found['name'] ?? '').slice(0, NAME_LENGTH_MAX),
    vramBytes: total * MEBIBYTE,
    freeVramBytes: free * MEBIBYTE,
  };
}
