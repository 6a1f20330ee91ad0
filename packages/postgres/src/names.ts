/** Names of schemas, roles and services as we allow them: they need no quoting in SQL. */
const NAME = /^[a-z][a-z0-9_]{0,40}$/;

/** @throws when `name` could not stand unquoted in SQL */
export function assertName(name: string): void {
  if (!NAME.test(name)) throw new Error(`"${name}" is no name for a schema or service`);
}
