import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { StandardSchemaValidationPipe } from '@nestjs/common';
import { pointerTo } from './pointer.js';
import type { FieldFault } from './problem.js';
import { Problem } from './problem.js';

/** What zod reports; Standard Schema promises only message and path. */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly code?: string;
  readonly keys?: readonly string[];
  /** What is wrong with the name of a field. */
  readonly issues?: readonly { readonly message: string }[];
  readonly input?: unknown;
}

const MAX_FAULTS = 50;

function pointerOf(path: Issue['path'], key?: string): string {
  const parts = (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  return pointerTo(key === undefined ? parts : [...parts, key]);
}

/** One fault a field; an unknown field is named itself, so that a typo is seen at once. */
export function faultsOf(issues: readonly Issue[]): FieldFault[] {
  return issues
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.keys !== undefined
        ? issue.keys.map((key) => ({
            pointer: pointerOf(issue.path, key),
            message: 'is not a field of this request; remove it or check its spelling',
          }))
        : [{ pointer: pointerOf(issue.path), message: plain(issue) }],
    )
    .slice(0, MAX_FAULTS);
}

function plain(issue: Issue): string {
  if (issue.code === 'invalid_type' && issue.message.includes('received undefined')) {
    return issue.path?.length
      ? 'is required; add it'
      : 'is missing; send a JSON document with the header content-type: application/json';
  }
  if (issue.code === 'invalid_key') return issue.issues?.[0]?.message ?? issue.message;
  return issue.message;
}

export const validationProblem = (issues: readonly Issue[]): Problem =>
  problemOfFaults(faultsOf(issues));

export function problemOfFaults(errors: readonly FieldFault[]): Problem {
  const [first] = errors;
  const where = first === undefined || first.pointer === '' ? 'The body' : first.pointer;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : '';
  return new Problem('VALIDATION_ERROR', `${where} ${first?.message ?? 'is not valid'}${more}`, {
    errors,
  });
}

const pipeFor = (faults: (issues: readonly Issue[]) => FieldFault[]) =>
  new StandardSchemaValidationPipe({
    validateCustomDecorators: true,
    exceptionFactory: (issues) => problemOfFaults(faults(issues)),
  });

/** Faults of query parameters, told as `?name`: whatever is wrong within one, it has no parts. */
const faultsInQuery = (issues: readonly Issue[]): FieldFault[] =>
  faultsOf(issues).map(({ pointer, message }) => ({ pointer: queryPointer(pointer), message }));

const queryPointer = (pointer: string): string => pointer.replace(/^\//, '?');

/** Checks every parameter that declares a schema, and hands on the parsed value. */
class ValidationPipe implements PipeTransform {
  private readonly elsewhere = pipeFor(faultsOf);
  private readonly query = pipeFor(faultsInQuery);

  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    return (metadata.type === 'query' ? this.query : this.elsewhere).transform(value, metadata);
  }
}

export const validationPipe = (): PipeTransform => new ValidationPipe();
