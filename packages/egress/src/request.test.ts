import { describe, expect, it } from '@jest/globals';
import { createEgress } from './egress.js';
import { type EgressRequest, readRequest } from './request.js';

describe('a request', () => {
  it('is a GET of at most 1 MiB in 10 seconds, without redirects, unless it says otherwise', () => {
    expect(readRequest({})).toEqual({
      method: 'GET',
      headers: {},
      body: undefined,
      maxBytes: 1_048_576,
      timeoutMs: 10_000,
      maxRedirects: 0,
      signal: undefined,
    });
    expect(readRequest({ maxBytes: undefined }).maxBytes).toBe(1_048_576);
  });

  it('keeps the caller’s headers, in lower case', () => {
    expect(readRequest({ headers: { 'Webhook-Id': 'a' } }).headers).toEqual({ 'webhook-id': 'a' });
  });

  it.each<EgressRequest>([
    { maxBytes: -1 },
    { maxBytes: 1.5 },
    { maxBytes: Number.NaN },
    { timeoutMs: 0 },
    { timeoutMs: 600_001 },
    { timeoutMs: Infinity },
    { maxRedirects: -1 },
    { maxRedirects: 11 },
    { method: 'POST', maxRedirects: 1 },
    { method: 'PUT', maxRedirects: 1 },
  ])('is refused with %j', async (request) => {
    await expect(createEgress().fetch('https://a.example/', request)).rejects.toThrow(RangeError);
  });

  it.each<EgressRequest>([
    { method: 'DELETE' as 'GET' },
    { body: 'x' },
    { method: 'HEAD', body: 'x' },
    { headers: { Host: 'internal' } },
    { headers: { 'transfer-encoding': 'chunked' } },
    { headers: { 'Content-Length': '0' } },
    { headers: { 'Accept-Encoding': 'gzip' } },
    { headers: { 'Proxy-Authorization': 'x' } },
    { headers: { Connection: 'keep-alive' } },
    { headers: { Upgrade: 'h2c' } },
  ])('is the program’s mistake with %j', async (request) => {
    await expect(createEgress().fetch('https://a.example/', request)).rejects.toThrow(TypeError);
  });
});
