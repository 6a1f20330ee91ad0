import { describe, expect, it } from '@jest/globals';
import { csvRow, Exact } from './csv-row.js';

describe('a record of CSV', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+49 30', "'+49 30"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['=HYPERLINK("http://evil.example";"x")', `"'=HYPERLINK(""http://evil.example"";""x"")"`],
    ['＝1+1', "'＝1+1"],
    ['a=b', 'a=b'],
    ['a, b', '"a, b"'],
    ['he said "no"', '"he said ""no"""'],
    ['two\nlines', '"two\nlines"'],
    ['', ''],
  ])('writes the text %j as %j', (text, written) => {
    expect(csvRow([text])).toBe(`${written}\r\n`);
  });

  it('writes numbers as they are, and nothing for nothing', () => {
    expect(csvRow([1, -2n, new Exact('-1.5'), null, 'x'])).toBe('1,-2,-1.5,,x\r\n');
  });
});
