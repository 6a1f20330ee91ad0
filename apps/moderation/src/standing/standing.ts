import { type Decider, DomainError } from '@safelight/event-sourcing';

const DAY_MS = 86_400_000;

/** What a refusal by a rule weighs, and after how many days it weighs nothing. */
export interface Weight {
  readonly weight: number;
  readonly days: number;
}

/** Data: thresholds are changed without a change of code. */
export interface StandingPolicy {
  readonly version: string;
  /** The sum of live strikes at which an account is suspended. */
  readonly suspendAt: number;
  /** Rules of which a single strike is enough. */
  readonly atOnce: readonly string[];
  readonly rules: Readonly<Record<string, Weight>>;
  readonly otherwise: Weight;
}

export interface Strike {
  readonly decisionId: string;
  readonly ruleId: string;
  readonly category: string;
  readonly weight: number;
  readonly expiresAt: string;
}

/** What a suspension, or its end, does elsewhere. */
export const effects = ['keys', 'evidence', 'jobs'] as const;
export type Effect = (typeof effects)[number];

export type StandingEvent =
  | ({ readonly type: 'StrikeRecorded'; readonly at: string; readonly policy: string } & Strike)
  | {
      readonly type: 'StrikeErased';
      readonly at: string;
      readonly decisionId: string;
      readonly by: string;
      readonly reason: string;
    }
  /** `suspensionId` names its cause, and is the cause of all that follows elsewhere. */
  | {
      readonly type: 'AccountSuspended';
      readonly at: string;
      readonly suspensionId: string;
      readonly decisionId: string;
      readonly ruleId: string;
      readonly sum: number;
    }
  | {
      readonly type: 'SuspensionLifted';
      readonly at: string;
      readonly suspensionId: string;
      readonly by: string;
      readonly reason: string;
    }
  | {
      readonly type: 'EffectDone';
      readonly at: string;
      readonly suspensionId: string;
      readonly effect: Effect;
      /** Whether it was done, or undone. */
      readonly suspended: boolean;
    };

export type StandingCommand =
  | {
      readonly type: 'RecordStrike';
      readonly at: string;
      readonly decisionId: string;
      readonly ruleId: string;
      readonly category: string;
      readonly policy: StandingPolicy;
    }
  | {
      readonly type: 'EraseStrike';
      readonly at: string;
      readonly decisionId: string;
      readonly by: string;
      readonly reason: string;
      readonly policy: StandingPolicy;
    }
  /** Two people: `by` wants it, and `confirmedBy` agrees. */
  | {
      readonly type: 'LiftSuspension';
      readonly at: string;
      readonly by: string;
      readonly confirmedBy: string;
      readonly reason: string;
    }
  | { readonly type: 'RecordEffect'; readonly event: StandingEvent };

export interface Suspension {
  readonly suspensionId: string;
  readonly decisionId: string;
  readonly atMs: number;
}

export interface Standing {
  readonly strikes: ReadonlyMap<string, Strike>;
  /** Erased before or after they were heard of: they never count. */
  readonly erased: ReadonlySet<string>;
  /** The present or the last one. */
  readonly suspension: Suspension | null;
  readonly suspended: boolean;
  /** Effects of the last change that are done. */
  readonly done: ReadonlySet<Effect>;
}

const initialState = (): Standing => ({
  ...{ strikes: new Map(), erased: new Set(), suspension: null, suspended: false },
  done: new Set(),
});

/** The sum of what has not expired and was not erased. */
export const weightAt = ({ strikes }: Standing, nowMs: number): number =>
  [...strikes.values()]
    .filter(({ expiresAt }) => Date.parse(expiresAt) > nowMs)
    .reduce((sum, { weight }) => sum + weight, 0);

/** What is still to be done elsewhere, in this order: the keys first, so that nothing new comes after. */
export function openEffects({ suspension, suspended, done }: Standing): Effect[] {
  if (suspension === null) return [];
  // When it is lifted keys work again; what was cancelled stays so, and evidence is kept for its time.
  const wanted: readonly Effect[] = suspended ? effects : ['keys'];
  return wanted.filter((effect) => !done.has(effect));
}

/** @throws DomainError `account.not_suspended`, `account.same_person` */
function decide(command: StandingCommand, state: Standing): StandingEvent[] {
  switch (command.type) {
    case 'RecordStrike':
      return recordStrike(command, state);
    case 'EraseStrike':
      return eraseStrike(command, state);
    case 'LiftSuspension':
      return lift(command, state);
    case 'RecordEffect': {
      const { event } = command;
      if (event.type !== 'EffectDone' || state.done.has(event.effect)) return [];
      const isPresent = event.suspensionId === state.suspension?.suspensionId;
      return isPresent && event.suspended === state.suspended ? [event] : [];
    }
  }
}

function recordStrike(
  { at, decisionId, ruleId, category, policy }: Extract<StandingCommand, { type: 'RecordStrike' }>,
  state: Standing,
): StandingEvent[] {
  const { weight, days } = policy.rules[ruleId] ?? policy.otherwise;
  const isKnown = state.strikes.has(decisionId) || state.erased.has(decisionId);
  if (weight === 0 || isKnown) return [];
  const expiresAt = new Date(Date.parse(at) + days * DAY_MS).toISOString();
  const strike: StandingEvent = {
    ...{ type: 'StrikeRecorded', at, policy: policy.version },
    ...{ decisionId, ruleId, category, weight, expiresAt },
  };
  const sum = weightAt(evolve(state, strike), Date.parse(at));
  const isEnough = policy.atOnce.includes(ruleId) || sum >= policy.suspendAt;
  if (state.suspended || !isEnough) return [strike];
  const suspensionId = `suspension-${decisionId}`;
  return [strike, { type: 'AccountSuspended', at, suspensionId, decisionId, ruleId, sum }];
}

/** A suspension that rests on nothing any more ends with it. */
function eraseStrike(
  { at, decisionId, by, reason, policy }: Extract<StandingCommand, { type: 'EraseStrike' }>,
  state: Standing,
): StandingEvent[] {
  if (state.erased.has(decisionId)) return [];
  const erased: StandingEvent = { type: 'StrikeErased', at, decisionId, by, reason };
  const left = evolve(state, erased);
  const nowMs = Date.parse(at);
  const live = [...left.strikes.values()].filter((one) => Date.parse(one.expiresAt) > nowMs);
  const isHeld =
    live.some(({ ruleId }) => policy.atOnce.includes(ruleId)) ||
    weightAt(left, nowMs) >= policy.suspendAt;
  const wasCause = state.strikes.has(decisionId);
  if (!state.suspended || state.suspension === null || isHeld || !wasCause) return [erased];
  const { suspensionId } = state.suspension;
  return [erased, { type: 'SuspensionLifted', at, suspensionId, by, reason }];
}

function lift(
  { at, by, confirmedBy, reason }: Extract<StandingCommand, { type: 'LiftSuspension' }>,
  { suspended, suspension }: Standing,
): StandingEvent[] {
  if (!suspended || suspension === null) throw new DomainError('account.not_suspended');
  if (by === confirmedBy) throw new DomainError('account.same_person', { by });
  const { suspensionId } = suspension;
  return [{ type: 'SuspensionLifted', at, suspensionId, by: `${by}, ${confirmedBy}`, reason }];
}

function evolve(state: Standing, event: StandingEvent): Standing {
  switch (event.type) {
    case 'StrikeRecorded':
      return { ...state, strikes: new Map([...state.strikes, [event.decisionId, event]]) };
    case 'StrikeErased': {
      const strikes = new Map(state.strikes);
      strikes.delete(event.decisionId);
      return { ...state, strikes, erased: new Set([...state.erased, event.decisionId]) };
    }
    case 'AccountSuspended': {
      const { suspensionId, decisionId } = event;
      const suspension = { suspensionId, decisionId, atMs: Date.parse(event.at) };
      return { ...state, suspension, suspended: true, done: new Set() };
    }
    case 'SuspensionLifted':
      return { ...state, suspended: false, done: new Set() };
    case 'EffectDone':
      return { ...state, done: new Set([...state.done, event.effect]) };
  }
}

/** How an account stands: its strikes, and whether it is suspended. */
export const standing: Decider<StandingCommand, StandingEvent, Standing> = {
  decide,
  evolve,
  initialState,
};
