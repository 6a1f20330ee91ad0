import { describe, it } from '@jest/globals';
import { specificationOf } from '@safelight/testing';
import { type Bank, type BankEvent, shelf } from './shelf.js';

const given = specificationOf(shelf);
const bank = (bankId: string, digest: string, name = 'synthetic'): Bank => ({
  ...{ bankId, name, digest, kind: 'pdq', count: 3, provenance: 'made for a test' },
});
const imported = (one: Bank): BankEvent => ({ type: 'HashBankImported', ...one });
const retired = (bankId: string, reason: string): BankEvent => ({
  ...{ type: 'HashBankRetired', bankId, reason },
});
const [first, other] = [bank('bnk_1', 'aa'), bank('bnk_2', 'bb')];
const importing = (one: Bank, replaces = false) => ({
  ...{ type: 'ImportBank' as const, bank: one, replaces },
});

describe('a hash bank', () => {
  it('is imported', () => given().when(importing(first)).then(imported(first)));

  it('stands beside others', () => {
    const beside = bank('bnk_3', 'cc', 'another');
    given(imported(first)).when(importing(beside)).then(imported(beside));
  });

  it('is not imported twice', () =>
    given(imported(first))
      .when(importing({ ...first, bankId: 'bnk_9' }))
      .thenNothing());

  it('takes the place of another of its name only where that is asked for', () => {
    given(imported(first)).when(importing(other)).thenRefused('bank.exists');
    given(imported(first))
      .when(importing(other, true))
      .then(retired('bnk_1', 'replaced by another of this name'), imported(other));
  });

  it('is retired, and may come again', () => {
    const retire = { type: 'RetireBank', name: 'synthetic', reason: 'withdrawn' } as const;
    given(imported(first)).when(retire).then(retired('bnk_1', 'withdrawn'));
    const gone = [imported(first), retired('bnk_1', 'withdrawn')];
    given(...gone)
      .when(retire)
      .thenRefused('bank.unknown');
    given(...gone)
      .when(importing(first))
      .then(imported(first));
  });
});
