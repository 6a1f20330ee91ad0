import { type Decider, DomainError } from '@safelight/event-sourcing';
import type { PolicyFile } from './policy-file.js';

/** What binds nobody, is tried beside the decisions, binds some accounts, binds all, binds nobody again. */
export const stages = ['draft', 'shadow', 'canary', 'active', 'retired'] as const;
export type Stage = (typeof stages)[number];

/** How many people beside its author approve of what binds some accounts, and of what binds all. */
export const approvalsFor = { canary: 1, active: 2 } as const;

/** `policy` is the digest of the document: what is approved of is exactly that. */
export type PolicyEvent =
  | { type: 'PolicyDrafted'; policy: string; by: string; document: PolicyFile }
  | { type: 'PolicyShadowed'; policy: string; by: string }
  | { type: 'PolicyApproved'; policy: string; by: string }
  | { type: 'PolicyCanaried'; policy: string; by: string; percent: number }
  | { type: 'PolicyActivated'; policy: string; by: string }
  | { type: 'PolicyRetired'; policy: string; by: string; reason: string };

/** All but the draft name the document by its name. */
export type PolicyCommand =
  | { type: 'DraftPolicy'; policy: string; by: string; document: PolicyFile }
  | { type: 'ShadowPolicy'; name: string; by: string }
  | { type: 'ApprovePolicy'; name: string; by: string }
  | { type: 'CanaryPolicy'; name: string; by: string; percent: number }
  | { type: 'ActivatePolicy'; name: string; by: string }
  | { type: 'RetirePolicy'; name: string; by: string; reason: string };

export interface Policy {
  readonly digest: string;
  readonly document: PolicyFile;
  readonly author: string;
  readonly stage: Stage;
  readonly approvers: readonly string[];
  /** Of all accounts, while it is a canary. */
  readonly percent: number;
}

/** By digest. */
export type Policies = ReadonlyMap<string, Policy>;

/** All policies of a deployment; one at most is in shadow, one a canary, one active. */
export const policyLife: Decider<PolicyCommand, PolicyEvent, Policies> = {
  initialState: () => new Map(),

  /**
   * @throws DomainError `policy.exists`, `policy.unknown`, `policy.stage {stage}`, `policy.busy {name}`,
   * `policy.author`, `policy.approvals {needed, given}`
   */
  decide: (command, policies) => {
    if (command.type === 'DraftPolicy') return drafted(command, policies);
    const policy = named(policies, command.name);
    const { by } = command;
    const common = { policy: policy.digest, by };
    switch (command.type) {
      case 'ShadowPolicy':
        if (policy.stage === 'shadow') return [];
        requireStage(policy, 'draft');
        requireFree(policies, 'shadow');
        return [{ type: 'PolicyShadowed', ...common }];
      case 'ApprovePolicy':
        requireStage(policy, 'shadow', 'canary');
        if (by === policy.author) throw new DomainError('policy.author');
        return policy.approvers.includes(by) ? [] : [{ type: 'PolicyApproved', ...common }];
      case 'CanaryPolicy':
        if (policy.stage === 'canary' && policy.percent === command.percent) return [];
        requireStage(policy, 'shadow', 'canary');
        if (policy.stage === 'shadow') requireFree(policies, 'canary');
        requireApprovals(policy, approvalsFor.canary);
        return [{ type: 'PolicyCanaried', ...common, percent: command.percent }];
      case 'ActivatePolicy':
        if (policy.stage === 'active') return [];
        requireStage(policy, 'canary');
        requireApprovals(policy, approvalsFor.active);
        return [...replaced(policies, policy, by), { type: 'PolicyActivated', ...common }];
      case 'RetirePolicy':
        return [{ type: 'PolicyRetired', ...common, reason: command.reason }];
    }
  },

  evolve: (policies, event) => {
    const { policy: digest } = event;
    if (event.type === 'PolicyDrafted') {
      const { document, by: author } = event;
      const fresh = {
        digest,
        document,
        author,
        stage: 'draft',
        approvers: [],
        percent: 0,
      } as const;
      return new Map([...policies, [digest, fresh]]);
    }
    const policy = policies.get(digest);
    if (policy === undefined)
      throw new Error(`${event.type} of ${digest}, which was never drafted`);
    return new Map([...policies, [digest, changed(policy, event)]]);
  },
};

type Change = Exclude<PolicyEvent, { type: 'PolicyDrafted' }>;

function changed(policy: Policy, event: Change): Policy {
  switch (event.type) {
    case 'PolicyShadowed':
      return { ...policy, stage: 'shadow' };
    case 'PolicyApproved':
      return { ...policy, approvers: [...policy.approvers, event.by] };
    case 'PolicyCanaried':
      return { ...policy, stage: 'canary', percent: event.percent };
    case 'PolicyActivated':
      return { ...policy, stage: 'active', percent: 100 };
    case 'PolicyRetired':
      return { ...policy, stage: 'retired', percent: 0 };
  }
}

export const inStage = (policies: Policies, stage: Stage): Policy | undefined =>
  [...policies.values()].find((one) => one.stage === stage);

function drafted(
  { policy, by, document }: Extract<PolicyCommand, { type: 'DraftPolicy' }>,
  policies: Policies,
): PolicyEvent[] {
  const there = [...policies.values()].find(
    (one) => one.document.name === document.name && one.stage !== 'retired',
  );
  if (there?.digest === policy && there.author === by) return [];
  if (there !== undefined) throw new DomainError('policy.exists', { stage: there.stage });
  return [{ type: 'PolicyDrafted', policy, by, document }];
}

function named(policies: Policies, name: string): Policy {
  const found = [...policies.values()].find(
    ({ document, stage }) => document.name === name && stage !== 'retired',
  );
  if (found === undefined) throw new DomainError('policy.unknown', { name });
  return found;
}

function requireStage({ stage }: Policy, ...possible: readonly Stage[]): void {
  if (!possible.includes(stage)) throw new DomainError('policy.stage', { stage });
}

function requireFree(policies: Policies, stage: Stage): void {
  const other = inStage(policies, stage);
  if (other !== undefined) throw new DomainError('policy.busy', { name: other.document.name });
}

function requireApprovals({ approvers }: Policy, needed: number): void {
  const given = approvers.length;
  if (given < needed) throw new DomainError('policy.approvals', { needed, given });
}

function replaced(policies: Policies, { document }: Policy, by: string): PolicyEvent[] {
  const before = inStage(policies, 'active');
  if (before === undefined) return [];
  const reason = `replaced by ${document.name}`;
  return [{ type: 'PolicyRetired', policy: before.digest, by, reason }];
}
