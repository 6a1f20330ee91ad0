import { describe, expect, it } from '@jest/globals';
import { EgressRefused } from './egress-refused.js';

describe('a refusal', () => {
  it('tells the owner of the URL what to change, and nothing of the network here', () => {
    const refusal = new EgressRefused('egress.address_not_public', {
      detail: 'db.example leads to 10.0.0.7',
    });
    expect(refusal.message).toContain('reach');
    expect(refusal.message).not.toMatch(/10\.0\.0\.7|db\.example/);
    expect(refusal.detail).toBe('db.example leads to 10.0.0.7');
    expect(refusal.hop).toBe(0);
  });

  it('names the limit that was passed and the redirects before it', () => {
    const refusal = new EgressRefused('egress.too_large', {
      limit: 'at most 5 bytes',
      status: 200,
    });
    expect(refusal.message).toMatch(/\(at most 5 bytes\)$/);
    expect(refusal.afterRedirects(1).message).toBe(`after 1 redirect: ${refusal.message}`);
    const later = refusal.afterRedirects(2);
    expect(later.message).toBe(`after 2 redirects: ${refusal.message}`);
    expect(later).toMatchObject({ code: 'egress.too_large', status: 200, hop: 2 });
  });
});
