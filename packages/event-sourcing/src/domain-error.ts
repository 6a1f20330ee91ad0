/** What a refusal tells besides its code: plain JSON values, amounts as `bigint`. */
export type RefusalDetails = Readonly<Record<string, unknown>>;

/**
 * A command that makes no sense in the present state. `code` is stable and dotted
 * (`job.not_found`, `credits.insufficient`); only the gateway turns it into an HTTP answer.
 */
export class DomainError extends Error {
  constructor(
    readonly code: string,
    readonly details: RefusalDetails = {},
    message = code,
  ) {
    super(message);
    this.name = 'DomainError';
  }
}
