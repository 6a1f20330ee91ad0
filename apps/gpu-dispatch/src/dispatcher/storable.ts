/** What a worker wrote, as the database can hold it: without NUL and without halves of surrogates. */
export const storable = (text: string): string =>
  // Encoding puts a replacement in the place of what is no character.
  Buffer.from(text, 'utf8').toString('utf8').replaceAll('\0', '\uFFFD');
