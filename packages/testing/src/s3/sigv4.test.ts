import { describe, expect, it } from '@jest/globals';
import { isSignedBy, readAuthorization, type SignedRequest } from './sigv4.js';

/** The credentials and requests of Amazon's own examples, with the signatures that it prints there. */
const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const common = {
  host: 'examplebucket.s3.amazonaws.com',
  'x-amz-date': '20130524T000000Z',
  'x-amz-content-sha256': EMPTY,
};

interface Example extends SignedRequest {
  readonly names: string;
  readonly signature: string;
}

const examples: readonly Example[] = [
  {
    method: 'GET',
    target: '/test.txt',
    headers: { ...common, range: 'bytes=0-9' },
    names: 'host;range;x-amz-content-sha256;x-amz-date',
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  {
    method: 'PUT',
    target: '/test%24file.text',
    headers: {
      ...common,
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    },
    names: 'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
    signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  },
  {
    method: 'GET',
    target: '/?lifecycle',
    headers: common,
    names: 'host;x-amz-content-sha256;x-amz-date',
    signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  {
    method: 'GET',
    target: '/?max-keys=2&prefix=J',
    headers: common,
    names: 'host;x-amz-content-sha256;x-amz-date',
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
];

const authorizationOf = ({ names, signature }: Example) => {
  const read = readAuthorization(
    `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${names},Signature=${signature}`,
  );
  if (read === undefined) throw new Error('an example of Amazon’s was not read');
  return read;
};

describe('Signature Version 4', () => {
  it.each(examples)('finds what Amazon prints for $method $target', (example) => {
    expect(isSignedBy(secret, example, authorizationOf(example))).toBe(true);
  });

  it.each(examples)('refuses $method $target once anything of it is changed', (example) => {
    const authorization = authorizationOf(example);
    const changes: SignedRequest[] = [
      { ...example, method: 'DELETE' },
      { ...example, target: `${example.target}x` },
      { ...example, headers: { ...example.headers, host: 'other.s3.amazonaws.com' } },
      { ...example, headers: { ...example.headers, 'x-amz-content-sha256': '0'.repeat(64) } },
      { ...example, headers: { ...example.headers, 'x-amz-date': '20130524T000001Z' } },
    ];
    for (const changed of changes) expect(isSignedBy(secret, changed, authorization)).toBe(false);
    expect(isSignedBy(`${secret}x`, example, authorization)).toBe(false);
    expect(isSignedBy(secret, example, { ...authorization, region: 'eu-west-1' })).toBe(false);
  });

  it('is not read into other headers', () => {
    for (const header of ['', 'Bearer x', 'AWS AKIA:sig', 'AWS4-HMAC-SHA256 Credential=a/b']) {
      expect(readAuthorization(header)).toBeUndefined();
    }
  });
});
