/** The system's code of an error, such as `ENOENT`; `undefined` for errors that carry none. */
export function errorCode(error: unknown): string | undefined {
  // Not `instanceof Error`: under Jest the system's errors come from another realm.
  return (error as NodeJS.ErrnoException | null | undefined)?.code;
}
