/** What a worker wrote, as the database can hold it: without NUL and without halves of surrogates. */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');
