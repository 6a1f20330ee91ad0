import { z } from 'zod';

const URL_MAX = 2048;

function faultOfUrl(value: string): string | undefined {
  if (value.length > URL_MAX) return `must be at most ${URL_MAX} characters`;
  if (!URL.canParse(value)) return 'must be an address like https://example.com/hooks';
  const url = new URL(value);
  if (url.protocol !== 'https:') return 'must begin with https://';
  if (url.username === '' && url.password === '') return undefined;
  return 'must carry no user name or password; check the signature instead';
}

/** Where a receiver listens. Whether it is a public one is judged when it is called, every time. */
export const webhookUrl = z
  .string()
  .superRefine((value, context) => {
    const message = faultOfUrl(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .meta({
    description: 'An https:// address without user name and password, reachable from the internet',
    override: { format: 'uri', maxLength: URL_MAX },
  });
