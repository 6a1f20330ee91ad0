import { z } from 'zod';

/** How many characters a reader would count: code points, not UTF-16 units. */
export const lengthOf = (text: string): number =>
  text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);

/**
 * Free text of a client. NUL and unpaired surrogates are refused: PostgreSQL and JSON tools
 * downstream cannot keep them, and a prompt has no use for them.
 */
export const text = (options: { min: number; max: number }) =>
  freeText(options).meta({
    minLength: options.min,
    maxLength: options.max,
    description: `${options.min} to ${options.max} characters; no NUL, well-formed Unicode`,
  });

const freeText = (options: { min: number; max: number }) =>
  z.string().superRefine((value, context) => {
    const complain = (message: string) => {
      context.addIssue({ code: 'custom', message });
    };
    if (value.includes('\u0000'))
      complain('must not contain the NUL character (U+0000); remove it');
    if (/\p{Surrogate}/u.test(value)) {
      complain('must be well-formed Unicode; it contains an unpaired surrogate');
    }
    const length = lengthOf(value);
    if (length > options.max) {
      complain(`must be at most ${options.max} characters; this has ${length}`);
    }
    if (lengthOf(value.slice(0, options.max).trim()) < options.min) {
      complain(`must not be empty; write at least ${options.min} visible character`);
    }
  });
