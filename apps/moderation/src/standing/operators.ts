import { withDesk } from '../operators-pool.js';
import { standingPolicyV1 } from './standing-policy.v1.js';
import { type Standing, type StandingCommand, type Strike, weightAt } from './standing.js';
import { StandingFiles } from './standings.js';

/** How an account stands at this moment. */
export interface AccountStands {
  readonly suspended: boolean;
  readonly since: Date | null;
  readonly suspensionId: string | null;
  /** The sum of strikes that count, and the sum at which an account is suspended. */
  readonly weight: number;
  readonly suspendAt: number;
  readonly strikes: readonly Strike[];
}

export const accountStands = (databaseUrl: string, accountId: string): Promise<AccountStands> =>
  withDesk(databaseUrl, async ({ store }) => {
    const { state } = await new StandingFiles(store).load(accountId);
    return standsOf(state);
  });

/** The refusal was wrong: it never counts. A suspension that rests on nothing else ends. */
export const eraseStrike = (
  databaseUrl: string,
  { accountId, ...facts }: { accountId: string; decisionId: string; by: string; reason: string },
): Promise<AccountStands> =>
  handled(databaseUrl, accountId, `erase:${facts.decisionId}`, {
    ...{ type: 'EraseStrike', at: new Date().toISOString(), policy: standingPolicyV1, ...facts },
  });

/** @throws DomainError `account.not_suspended`, `account.same_person` */
export const liftSuspension = (
  databaseUrl: string,
  { accountId, ...facts }: { accountId: string; by: string; confirmedBy: string; reason: string },
): Promise<AccountStands> => {
  const at = new Date().toISOString();
  const command = { type: 'LiftSuspension', at, ...facts } as const;
  return handled(databaseUrl, accountId, `lift:${at}`, command);
};

const handled = (
  databaseUrl: string,
  accountId: string,
  commandId: string,
  command: StandingCommand,
): Promise<AccountStands> =>
  withDesk(databaseUrl, async ({ store }) => {
    const context = { correlationId: accountId, causationId: commandId };
    const files = new StandingFiles(store);
    return standsOf((await files.handle(accountId, command, { commandId, context })).state);
  });

const standsOf = (state: Standing): AccountStands => ({
  suspended: state.suspended,
  since: state.suspended && state.suspension !== null ? new Date(state.suspension.atMs) : null,
  suspensionId: state.suspended ? (state.suspension?.suspensionId ?? null) : null,
  ...{ weight: weightAt(state, Date.now()), suspendAt: standingPolicyV1.suspendAt },
  strikes: [...state.strikes.values()],
});
