import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { BankFileRefused, readBankFile } from './bank-file.js';

const low = `${'0'.repeat(32)}${'f'.repeat(32)}`;
const high = `${'f'.repeat(32)}${'0'.repeat(32)}`;
const sums = Array.from({ length: 40 }, (_, at) => hash('sha256', `${at}`, 'hex'));
const balanced = Array.from({ length: 40 }, (_, at) => {
  const half = at.toString(16).padStart(32, '0');
  const inverse = half.replaceAll(/./g, (digit) => (15 - parseInt(digit, 16)).toString(16));
  return half + inverse;
});

describe('the file of a bank', () => {
  it('is sorted, holds each hash once, and leaves out what shows too little', () => {
    const text = `# from nobody\n${high},100,a.jpg\r\n\n ${low.toUpperCase()} , 50 # at the floor\n${low},51\n${'a5'.repeat(32)},49\n`;
    expect(readBankFile(text)).toEqual({
      ...{ kind: 'pdq', count: 2, belowFloor: 1, hashes: Buffer.from(low + high, 'hex') },
    });
  });

  it('needs to be told what hashes without a quality are', () => {
    expect(() => readBankFile(low)).toThrow('Say --kind pdq or --kind sha256');
    expect(readBankFile(low, 'pdq')).toMatchObject({ kind: 'pdq', count: 1, belowFloor: 0 });
    expect(readBankFile(sums.join('\n'), 'sha256')).toMatchObject({ kind: 'sha256', count: 40 });
    expect(readBankFile(balanced.join('\n'), 'pdq')).toMatchObject({ kind: 'pdq', count: 40 });
  });

  it.each<[string, string, 'pdq' | 'sha256' | undefined, RegExp]>([
    ['nothing', '# nothing\n', 'pdq', /no hashes/],
    ['a word', `${low},80\nhello`, undefined, /Line 2 has no hash/],
    ['a digit too few', low.slice(1), 'pdq', /Line 1 has no hash/],
    ['a quality beyond all', `${low},101`, undefined, /Line 1: a quality/],
    ['no number for a quality', `${low},good`, undefined, /Line 1: a quality/],
    ['low qualities alone', `${low},49`, undefined, /quality of 50/],
    ['a quality of SHA-256', `${low},90`, 'sha256', /SHA-256 has no quality/],
    ['SHA-256 for PDQ', sums.join('\n'), 'pdq', /no PDQ: are they SHA-256/],
    ['PDQ for SHA-256', balanced.join('\n'), 'sha256', /no SHA-256: are they PDQ/],
  ])('is refused with %s', (_what, text, kind, message) => {
    expect(() => readBankFile(text, kind)).toThrow(BankFileRefused);
    expect(() => readBankFile(text, kind)).toThrow(message);
  });

  it('is refused without telling any of its hashes', () => {
    const refusal = () => readBankFile(`${low}\n${high}0`, 'pdq');
    expect(refusal).not.toThrow(new RegExp(`${low.slice(0, 8)}|${high.slice(0, 8)}`));
    expect(refusal).toThrow();
  });
});
