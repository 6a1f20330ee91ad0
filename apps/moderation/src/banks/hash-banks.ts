import type { Hash } from '@safelight/perceptual-hash';
import type { Telemetry } from '@safelight/telemetry';
import type { BankStore } from './bank-store.js';
import { hashesFor, loadBank, type LoadedBank } from './loaded-bank.js';
import type { Bank } from './shelf.js';

/** Said where receipts and health name the banks, and there is none. */
export const NO_BANK = 'no external bank loaded';
/** How our own banks are called, of pictures that were taken down here. */
export const TAKEDOWNS = 'takedowns-';
/** Named in receipts where pictures were looked for by it; the number changes with what it finds. */
export const PDQ = 'safelight-pdq/1';
/** After a failure nobody tries again sooner, in milliseconds. */
const TRY_AGAIN_MS = 1_000;

/** Nobody can say what is in the banks: there is no verdict (policy F6). */
export class BanksUnreadable extends Error {
  readonly code = 'banks.unreadable';
  constructor(faults: readonly string[]) {
    super(`known-hash banks cannot be read: ${faults.join('; ')}`);
    this.name = 'BanksUnreadable';
  }
}

/** What a picture is asked for by. */
export interface PictureHashes {
  /** SHA-256 in hex, of each form that it had. */
  readonly digests: readonly string[];
  /** PDQ in all orientations, of each of its pictures; none where nobody could have seen any. */
  readonly hashes: readonly Hash[];
}

/** All banks at one moment. */
export interface Banks {
  /** What receipts say of them. */
  readonly named: readonly string[];
  /** Whether PDQ is of any use. */
  readonly havePdq: boolean;
  readonly has: (picture: PictureHashes) => boolean;
}

/**
 * The known-hash banks of this process. It learns of new ones by being told to `refresh`; until it
 * has read them, or while it is deaf or one cannot be read, no picture is judged.
 */
export class HashBanks {
  private loaded: ReadonlyMap<string, LoadedBank> = new Map();
  private faults: ReadonlyMap<string, string> = new Map([['all', 'they were not read yet']]);
  private deaf: string | undefined;
  private refreshing: Promise<void> | undefined;
  private again = false;
  private failedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: Pick<BankStore, 'shelf' | 'readHashes'>,
    private readonly logger: Telemetry['logger'],
  ) {}

  /** Reads what is new. Never rejects; one run takes up all calls that come while it is under way. */
  refresh(): Promise<void> {
    this.again = true;
    this.refreshing ??= this.refreshUntilStill().finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  /** We listen again. */
  heard(): Promise<void> {
    this.deaf = undefined;
    return this.refresh();
  }

  /** New banks would go unnoticed: from now on nobody can say what is in them. */
  becameDeaf(error: Error): void {
    this.deaf = `nobody would hear of new ones: ${error.message}`;
    this.logger.warn({ err: error }, 'known-hash banks are not listened for');
  }

  /** As they are, for checks that do not ask them. @throws BanksUnreadable */
  latest(): Banks {
    const faults = this.allFaults();
    if (faults.length > 0) {
      this.tryAgain();
      throw new BanksUnreadable(faults);
    }
    const banks = [...this.loaded.values()];
    return {
      named: [
        ...(banks.some(({ bank }) => isExternal(bank)) ? [] : [NO_BANK]),
        ...banks.map(({ bank }) => nameOf(bank)),
      ],
      havePdq: banks.some(({ bank }) => bank.kind === 'pdq'),
      has: ({ digests, hashes }) =>
        banks.some((one) => one.hasDigest(digests) || one.hasNear(hashes)),
    };
  }

  /** With all that we were told of until now. @throws BanksUnreadable */
  async current(): Promise<Banks> {
    if (this.allFaults().length > 0) this.tryAgain();
    await this.refreshing;
    return this.latest();
  }

  /** For health: what is loaded, and what is wrong. */
  status() {
    const banks = [...this.loaded.values()].map(({ bank, bytes }) => {
      const { name, kind, count, digest, provenance } = bank;
      return { name, kind, hashes: count, digest, provenance, memory_bytes: bytes };
    });
    const faults = this.allFaults();
    const external = banks.some(isExternal);
    const said = faults.length > 0 ? 'indeterminate' : external ? 'loaded' : NO_BANK;
    return { hash_banks: { status: said, banks, faults } };
  }

  private allFaults(): string[] {
    return [...(this.deaf === undefined ? [] : [this.deaf]), ...this.faults.values()];
  }

  private tryAgain(): void {
    if (performance.now() - this.failedAt >= TRY_AGAIN_MS) void this.refresh();
  }

  private async refreshUntilStill(): Promise<void> {
    while (this.again) {
      this.again = false;
      await this.read();
    }
  }

  private async read(): Promise<void> {
    const faults = new Map<string, string>();
    try {
      const shelf = [...(await this.store.shelf()).values()];
      const loaded = new Map<string, LoadedBank>();
      for (const bank of shelf) {
        try {
          loaded.set(bank.bankId, this.loaded.get(bank.bankId) ?? (await this.load(bank)));
        } catch (error) {
          faults.set(bank.bankId, `${bank.name}: ${messageOf(error)}`);
          this.logger.error({ err: error, bank: bank.name }, 'a known-hash bank cannot be read');
        }
      }
      this.loaded = loaded;
    } catch (error) {
      faults.set('all', messageOf(error));
      this.logger.error({ err: error }, 'known-hash banks cannot be read');
    }
    this.faults = faults;
    if (faults.size > 0) this.failedAt = performance.now();
  }

  private async load(bank: Bank): Promise<LoadedBank> {
    const hashes = hashesFor(bank.count);
    await this.store.readHashes(bank, hashes);
    const loaded = await loadBank(bank, hashes);
    const { name, kind, count } = bank;
    this.logger.info({ bank: name, kind, hashes: count }, 'a known-hash bank was loaded');
    return loaded;
  }
}

/** `name: 1000000 pdq hashes, sha256 0123456789ab`. */
const nameOf = ({ name, kind, count, digest }: Bank): string =>
  `${name}: ${count} ${kind} hashes, sha256 ${digest.slice(0, 12)}`;

/** Our own lists of what was taken down here are no list of anybody else's. */
const isExternal = ({ name }: Pick<Bank, 'name'>): boolean => !name.startsWith(TAKEDOWNS);

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
