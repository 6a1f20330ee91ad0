import { type Decider, DomainError } from '@safelight/event-sourcing';

/** PDQ finds what looks the same, SHA-256 the very same bytes. */
export type BankKind = 'pdq' | 'sha256';

/** A list of hashes of pictures that never pass, as somebody brought it. */
export interface Bank {
  readonly bankId: string;
  readonly name: string;
  readonly kind: BankKind;
  /** How many hashes. */
  readonly count: number;
  /** SHA-256 of all of them, sorted, 32 bytes each. */
  readonly digest: string;
  /** Where they come from, in the words of whoever imported them. */
  readonly provenance: string;
}

export type BankEvent =
  | ({ readonly type: 'HashBankImported' } & Bank)
  | { readonly type: 'HashBankRetired'; readonly bankId: string; readonly reason: string };

export type BankCommand =
  | { readonly type: 'ImportBank'; readonly bank: Bank; readonly replaces: boolean }
  | { readonly type: 'RetireBank'; readonly name: string; readonly reason: string };

/** The banks that are in force, by name. */
export type Shelf = ReadonlyMap<string, Bank>;

const REPLACED = 'replaced by another of this name';

/** All banks of a deployment. A bank is never changed: another takes its place. */
export const shelf: Decider<BankCommand, BankEvent, Shelf> = {
  initialState: () => new Map(),

  /** @throws DomainError `bank.exists`, `bank.unknown` */
  decide: (command, banks) => {
    switch (command.type) {
      case 'ImportBank': {
        const { bank, replaces } = command;
        const imported: BankEvent = { type: 'HashBankImported', ...bank };
        const there = banks.get(bank.name);
        if (there === undefined) return [imported];
        if (there.kind === bank.kind && there.digest === bank.digest) return [];
        if (!replaces) throw new DomainError('bank.exists', { name: bank.name });
        const { bankId } = there;
        return [{ type: 'HashBankRetired', bankId, reason: REPLACED }, imported];
      }
      case 'RetireBank': {
        const there = banks.get(command.name);
        if (there === undefined) throw new DomainError('bank.unknown', { name: command.name });
        return [{ type: 'HashBankRetired', bankId: there.bankId, reason: command.reason }];
      }
    }
  },

  evolve: (banks, event) => {
    switch (event.type) {
      case 'HashBankImported': {
        const { bankId, name, kind, count, digest, provenance } = event;
        return new Map([...banks, [name, { bankId, name, kind, count, digest, provenance }]]);
      }
      case 'HashBankRetired':
        return new Map([...banks].filter(([, { bankId }]) => bankId !== event.bankId));
    }
  },
};
