import { hash } from 'node:crypto';
import { canonicalJson } from '@safelight/contracts';
import type { Telemetry } from '@safelight/telemetry';
import type { JudgingPolicy } from '../../decisions/grounds.js';
import { withDocument } from './document-judge.js';
import { inStage, type Policies, type Policy } from './life.js';
import type { PolicyStore } from './policy-store.js';

/** After a failure nobody tries again sooner, in milliseconds. */
const TRY_AGAIN_MS = 1_000;

/** Nobody can say which policy is in force: there is no verdict (policy F6). */
export class PoliciesUnreadable extends Error {
  readonly code = 'policies.unreadable';
  constructor(fault: string) {
    super(`published policies cannot be read: ${fault}`);
    this.name = 'PoliciesUnreadable';
  }
}

/** A published policy, ready to judge. */
interface Ready extends JudgingPolicy {
  readonly percent: number;
}

/** What a decision is made by, and what is tried beside it. */
export interface Deciding {
  readonly policy: JudgingPolicy;
  readonly shadow: JudgingPolicy | undefined;
}

/** Where decisions ask. */
export interface PolicySource {
  /** @throws PoliciesUnreadable */
  readonly for: (accountId: string | null) => Deciding;
}

/**
 * The policies that bind in this process. What is compiled in binds always; the active document above
 * it, or the canary for the accounts that it has. It learns of news by being told to `refresh`; while
 * it does not know what is in force, nothing is decided.
 */
export class PublishedPolicies implements PolicySource {
  private active: Ready | undefined;
  private canary: Ready | undefined;
  private shadow: Ready | undefined;
  private fault: string | undefined = 'they were not read yet';
  private deaf: string | undefined;
  private refreshing: Promise<void> | undefined;
  private again = false;
  private failedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly base: JudgingPolicy,
    private readonly store: Pick<PolicyStore, 'policies'>,
    private readonly logger: Telemetry['logger'],
  ) {}

  for(accountId: string | null): Deciding {
    const fault = this.deaf ?? this.fault;
    if (fault !== undefined) {
      if (performance.now() - this.failedAt >= TRY_AGAIN_MS) void this.refresh();
      throw new PoliciesUnreadable(fault);
    }
    const { canary, shadow } = this;
    const tried = canary !== undefined && accountId !== null && isInShare(accountId, canary);
    return { policy: (tried ? canary : this.active) ?? this.base, shadow };
  }

  /** Reads what is new. Never rejects; one run takes up all calls that come while it is under way. */
  refresh(): Promise<void> {
    this.again = true;
    this.refreshing ??= this.refreshUntilStill().finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  /** We listen again, or there is news. */
  heard(): Promise<void> {
    this.deaf = undefined;
    return this.refresh();
  }

  /** New policies would go unnoticed. */
  becameDeaf(error: Error): void {
    this.deaf = `nobody would hear of new ones: ${error.message}`;
  }

  /** For health. */
  status() {
    const fault = this.deaf ?? this.fault;
    const told = (one: Ready | undefined) =>
      one === undefined ? null : { version: one.version, digest: one.document };
    const { active, canary, shadow, base } = this;
    return {
      policy: {
        status: fault === undefined ? 'loaded' : 'indeterminate',
        ...{ fault: fault ?? null, compiled_in: { version: base.version, digest: base.base } },
        ...{ active: told(active), canary: told(canary), shadow: told(shadow) },
      },
    };
  }

  private async refreshUntilStill(): Promise<void> {
    while (this.again) {
      this.again = false;
      await this.read();
    }
  }

  private async read(): Promise<void> {
    try {
      this.take(await this.store.policies());
      this.fault = undefined;
    } catch (error) {
      this.fault = error instanceof Error ? error.message : String(error);
      this.failedAt = performance.now();
      this.logger.error({ err: error }, 'published policies cannot be read');
    }
  }

  private take(policies: Policies): void {
    const ready = (policy: Policy | undefined) => policy && readyPolicy(this.base, policy);
    this.active = ready(inStage(policies, 'active'));
    this.canary = ready(inStage(policies, 'canary'));
    this.shadow = ready(inStage(policies, 'shadow'));
    const named = [this.active, this.canary, this.shadow].map((one) => one?.version ?? null);
    this.logger.info(
      { active: named[0], canary: named[1], shadow: named[2] },
      'policies were read',
    );
  }
}

function readyPolicy(base: JudgingPolicy, { document, digest, percent }: Policy): Ready {
  return { ...policyWith(base, document, digest), percent };
}

/** What is compiled in with this document above it. */
export function policyWith(
  base: JudgingPolicy,
  document: Policy['document'],
  digest: string,
): JudgingPolicy {
  const both = canonicalJson({ base: base.base, document: digest });
  return {
    version: `${base.version}+${document.name}`,
    digest: hash('sha256', both, 'hex'),
    ...{ base: base.base, document: digest },
    judge: withDocument(base.judge, document),
  };
}

/** Whether an account is among so many of a hundred: always the same ones for the same policy. */
export function isInShare(
  accountId: string,
  { document, percent }: { readonly document: string | null; readonly percent: number },
): boolean {
  const drawn = hash('sha256', `${document ?? ''} ${accountId}`, 'buffer').readUInt32BE(0);
  return drawn / 2 ** 32 < percent / 100;
}
