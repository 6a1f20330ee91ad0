import { createHash, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { seal, unseal } from '@safelight/object-store';

/** What a person wrote in a case, by field. */
export type Words = Readonly<Record<string, string | null>>;

/** Words and their key as they lie in the database: both are needed, and either may be gone. */
export interface WordsRow {
  readonly ciphertext: Buffer | null;
  readonly nonce: Buffer | null;
  readonly wrapped_key: Buffer | null;
  readonly key_nonce: Buffer | null;
}

const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** Version of the master key that new keys are wrapped with. */
const MASTER_VERSION = 1;

const insertText = `
  words as (
    insert into moderation.case_words (case_id, account_id, digest, ciphertext, nonce)
    select $A::text, $B::text, $C::text, $D::bytea, $E::bytea from made),
  keys as (
    insert into moderation.case_keys
      (case_id, account_id, wrapped_key, nonce, master_version, erase_at)
    select $A::text, $B::text, $F::bytea, $G::bytea, $H::int, now() + $I::int * interval '1 day'
    from made)`;

/**
 * The statement of a case with its words: `insert`, which returns the case if it made it, and what
 * belongs to it. One statement, so that neither is without the other.
 *
 * @param own how many parameters `insert` has; those of `CaseWords.seal` come after them
 */
export function withWords(insert: string, own: number): string {
  const kept = insertText.replaceAll(
    /\$([A-I])/g,
    (_, letter: string) => `$${own + 1 + 'ABCDEFGHI'.indexOf(letter)}`,
  );
  return `with made as (${insert}), ${kept} select * from made`;
}

/** To be joined to a case whose id is in this column. */
export const joinWords = (caseId: string): string => `
  left join moderation.case_words w on w.case_id = ${caseId}
  left join moderation.case_keys k on k.case_id = ${caseId}`;
export const wordsColumns = 'w.ciphertext, w.nonce, k.wrapped_key, k.nonce as key_nonce';

/**
 * Seals what people write in appeals, consents and reports, each under a key of its own that lies
 * wrapped in another table: whoever deletes that row has erased the words, wherever copies of them
 * lie, and the case stays.
 */
export class CaseWords {
  constructor(private readonly master: KeyObject) {}

  /**
   * Parameters of `withWords`. The digest is of words and a salt that is sealed with them: without
   * the key it says nothing, not even to somebody with a dictionary.
   *
   * @param accountId `null` for a case of nobody's account
   * @param keptDays after so many days the words are erased; `null` keeps them
   */
  seal(
    { caseId, accountId }: { readonly caseId: string; readonly accountId: string | null },
    words: Words,
    keptDays: number | null,
  ): unknown[] {
    const salt = randomBytes(SALT_BYTES).toString('base64');
    const plain = Buffer.from(JSON.stringify({ words, salt }));
    const digest = createHash('sha256').update(plain).digest('hex');
    const key = randomBytes(KEY_BYTES);
    const sealed = seal(createSecretKey(key), plain, caseId);
    const wrapped = seal(this.master, key, caseId);
    return [
      ...[caseId, accountId, digest, sealed.ciphertext, sealed.nonce],
      ...[wrapped.ciphertext, wrapped.nonce, MASTER_VERSION, keptDays],
    ];
  }

  /**
   * @returns `null` once they are erased
   * @throws when they do not open: altered, of another case, or under another master key
   */
  open(caseId: string, row: WordsRow): Words | null {
    const { ciphertext, nonce, wrapped_key, key_nonce } = row;
    if (!ciphertext || !nonce || !wrapped_key || !key_nonce) return null;
    const key = unseal(this.master, { ciphertext: wrapped_key, nonce: key_nonce }, caseId);
    const plain = unseal(createSecretKey(key), { ciphertext, nonce }, caseId);
    return (JSON.parse(plain.toString()) as { words: Words }).words;
  }
}
