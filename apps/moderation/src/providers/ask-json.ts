/** Most bytes of an answer: it is some numbers. */
const MOST = 262_144;

export interface Endpoint {
  /** Up to and without `/v1`. */
  readonly url: string;
  readonly apiKey: string | undefined;
}

/**
 * A POST of JSON to an address that the operator set; redirects are not followed, so the words go
 * nowhere else.
 *
 * @throws Error unless the answer is JSON with a status of success, whole before the deadline
 */
export async function askJson(
  { url, apiKey }: Endpoint,
  path: string,
  body: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const response = await fetch(`${url.replace(/\/+$/, '')}${path}`, {
    ...{ method: 'POST', body: JSON.stringify(body), redirect: 'error', signal },
    headers: {
      'content-type': 'application/json',
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    },
  });
  const text = await textOf(response);
  if (!response.ok) throw new Error(`it answered with status ${response.status}`);
  return JSON.parse(text);
}

async function textOf({ body }: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  // A break ends the stream and with it the connection.
  for await (const part of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > MOST) throw new Error(`its answer is longer than ${MOST} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
