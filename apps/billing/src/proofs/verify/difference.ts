/** An entry of the ledger, as far as it is known. */
export interface NamedEntry {
  readonly id: string;
  readonly accountId: string | null;
  readonly sequence: number | null;
  /** Its place in the tree, from 0; `null` when it has none. */
  readonly position: number | null;
}

/** Something that is not as it was sealed. */
export interface Difference {
  /** A sentence without a subject: `was changed after it was sealed`. */
  readonly what: string;
  readonly block: number | null;
  readonly entry: NamedEntry | null;
}

/** One sentence that names block and entry. */
export function sentenceOf({ what, block, entry }: Difference): string {
  const where = block === null ? '' : `block ${block}`;
  const parts = [where, entry === null ? '' : nameOf(entry)].filter((part) => part !== '');
  return `${parts.length === 0 ? 'the ledger' : parts.join(', ')}: ${what}`;
}

function nameOf({ id, accountId, sequence, position }: NamedEntry): string {
  const place = position === null ? 'no place in the tree' : `position ${position}`;
  const whose = accountId === null ? '' : `, entry ${sequence ?? '?'} of ${accountId}`;
  return `entry ${id} (${place}${whose})`;
}
