import type { ProblemCode, ProblemDocument } from '@safelight/contracts';
import { problemAnchor, problems } from '@safelight/contracts';

export interface FieldFault {
  /** JSON pointer (RFC 6901) into the body; `?name` for a query parameter. */
  readonly pointer: string;
  readonly message: string;
}

interface ProblemOptions {
  readonly errors?: readonly FieldFault[];
  /** Extension members of the problem document. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that is not a success: one code of the public API, told so that it can be mended. */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly options: ProblemOptions = {},
  ) {
    super(`${code}: ${detail}`);
    this.name = 'Problem';
  }

  get status(): number {
    return problems[this.code].status;
  }

  /**
   * The document of RFC 9457. `instance` names the request and not the path: a job that was never
   * there and another account's job must answer alike to the byte.
   */
  toDocument(requestId: string): ProblemDocument {
    const { status, title } = problems[this.code];
    return {
      type: `/docs/errors#${problemAnchor(this.code)}`,
      title,
      status,
      detail: this.detail,
      instance: `urn:safelight:request:${requestId}`,
      code: this.code,
      request_id: requestId,
      ...(this.options.errors === undefined ? {} : { errors: [...this.options.errors] }),
      ...this.options.members,
    };
  }
}
