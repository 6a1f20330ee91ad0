/** What is wrong with a head, a receipt or a proof, for programs. */
export type ProofFault =
  | 'malformed'
  | 'unknown_key'
  | 'bad_signature'
  | 'other_tree'
  | 'not_included'
  | 'not_consistent'
  | 'other_entry'
  | 'other_account'
  | 'not_linked';

/** A head, a receipt or a proof does not hold. Whatever it was to prove is not proven. */
export class ProofRefused extends Error {
  constructor(
    readonly fault: ProofFault,
    message: string,
  ) {
    super(message);
    this.name = 'ProofRefused';
  }
}
