import { type Decider, DomainError } from '@safelight/event-sourcing';

export const HOUR_MS = 3_600_000;
/** From the report; the law's own (TAKE IT DOWN Act, section 3). */
export const DECIDED_WITHIN_MS = 48 * HOUR_MS;
/** An output that a case is about. */
export interface Copy {
  readonly objectKey: string;
  readonly jobId: string;
  readonly outputId: string;
  readonly accountId: string;
  /** SHA-256 of its bytes. */
  readonly digest: string;
  readonly mediaType: string;
  readonly how: 'named' | 'same-bytes' | 'looks-alike' | 'made-from';
}

/** What became of a copy: sealed as evidence, in another case's evidence already, or deleted before. */
export type Fate = 'sealed' | 'elsewhere' | 'gone';

/** Why somebody decided as they did. */
export interface Grounds {
  readonly by: string;
  readonly rule: string;
  readonly rationale: string;
}

export type TakedownEvent =
  | {
      readonly type: 'NoticeReceived';
      readonly at: string;
      readonly dueAt: string;
      readonly reason: string;
      /** It is disabled before anybody looks: the notice is signed, or about a minor. */
      readonly disableFirst: boolean;
    }
  | { readonly type: 'CopiesListed'; readonly at: string; readonly copies: readonly Copy[] }
  | {
      readonly type: 'CopyDisabled';
      readonly at: string;
      readonly objectKey: string;
      readonly fate: Fate;
    }
  | { readonly type: 'EverythingDisabled'; readonly at: string; readonly copies: number }
  | { readonly type: 'AlarmRaised'; readonly at: string; readonly hours: number }
  | ({ readonly type: 'DismissalProposed'; readonly at: string } & Grounds)
  | ({ readonly type: 'NoticeUpheld'; readonly at: string } & Grounds)
  | ({
      readonly type: 'NoticeDismissed';
      readonly at: string;
      readonly proposedBy: string;
    } & Grounds)
  | { readonly type: 'HashesBanked'; readonly at: string }
  | { readonly type: 'CopyRestored'; readonly at: string; readonly objectKey: string }
  | { readonly type: 'CaseClosed'; readonly at: string };

export type TakedownCommand =
  | {
      readonly type: 'ReceiveNotice';
      readonly at: string;
      readonly reason: string;
      readonly signed: boolean;
    }
  | { readonly type: 'Uphold'; readonly at: string; readonly grounds: Grounds }
  /** The first time it is proposed; another person's confirms it. */
  | { readonly type: 'Dismiss'; readonly at: string; readonly grounds: Grounds }
  | { readonly type: 'Record'; readonly event: TakedownEvent };

export interface Takedown {
  readonly receivedAtMs: number;
  readonly dueAtMs: number;
  readonly disableFirst: boolean;
  readonly outcome: 'unknown' | 'open' | 'upheld' | 'dismissed';
  readonly proposedBy: string | null;
  /** `null` until somebody has looked for copies. */
  readonly copies: readonly Copy[] | null;
  readonly disabled: ReadonlyMap<string, Fate>;
  readonly restored: ReadonlySet<string>;
  readonly disabledAtMs: number | null;
  readonly alarmed: number;
  readonly banked: boolean;
  /** Copies were looked for again once no new ones could pass. */
  readonly listedAfterBanking: boolean;
  readonly closed: boolean;
}

const initialState = (): Takedown => ({
  ...{ receivedAtMs: 0, dueAtMs: 0, disableFirst: false, outcome: 'unknown', proposedBy: null },
  ...{ copies: null, disabled: new Map(), restored: new Set(), disabledAtMs: null, alarmed: 0 },
  ...{ banked: false, listedAfterBanking: false, closed: false },
});

/** @throws DomainError `case.not_found`, `case.decided`, `case.same_person` */
function decide(command: TakedownCommand, state: Takedown): TakedownEvent[] {
  if (command.type === 'ReceiveNotice') return receive(command, state);
  if (state.outcome === 'unknown') throw new DomainError('case.not_found');
  switch (command.type) {
    case 'Record':
      return isNews(command.event, state) ? [command.event] : [];
    case 'Uphold':
      if (state.outcome === 'upheld') return [];
      if (state.outcome === 'dismissed') throw new DomainError('case.decided');
      return [{ type: 'NoticeUpheld', at: command.at, ...command.grounds }];
    case 'Dismiss':
      return dismiss(command, state);
  }
}

function receive(
  { at, reason, signed }: Extract<TakedownCommand, { type: 'ReceiveNotice' }>,
  { outcome }: Takedown,
): TakedownEvent[] {
  if (outcome !== 'unknown') return [];
  const dueAt = new Date(Date.parse(at) + DECIDED_WITHIN_MS).toISOString();
  const disableFirst = isDisabledFirst({ signed, reason });
  return [{ type: 'NoticeReceived', at, dueAt, reason, disableFirst }];
}

/** Anybody can say anything: only who signs it is believed unseen, and where a child may be harmed. */
export const isDisabledFirst = (notice: { signed: boolean; reason: string }): boolean =>
  notice.signed || notice.reason === 'minor';

/** What was disabled is seen again only if two people want it; where nothing was, one is enough. */
function dismiss(
  { at, grounds }: Extract<TakedownCommand, { type: 'Dismiss' }>,
  { outcome, proposedBy, copies, disableFirst }: Takedown,
): TakedownEvent[] {
  if (outcome === 'dismissed') return [];
  if (outcome === 'upheld') throw new DomainError('case.decided');
  const isSeen = copies === null && !disableFirst;
  if (isSeen) return [{ type: 'NoticeDismissed', at, proposedBy: grounds.by, ...grounds }];
  if (proposedBy === null) return [{ type: 'DismissalProposed', at, ...grounds }];
  if (proposedBy === grounds.by) throw new DomainError('case.same_person', { by: proposedBy });
  return [{ type: 'NoticeDismissed', at, proposedBy, ...grounds }];
}

/** Two processes may have done the same step: it is recorded once. */
function isNews(event: TakedownEvent, state: Takedown): boolean {
  switch (event.type) {
    case 'CopiesListed':
      return state.copies === null || (state.banked && !state.listedAfterBanking);
    case 'CopyDisabled':
      return !state.disabled.has(event.objectKey);
    case 'CopyRestored':
      return state.outcome === 'dismissed' && !state.restored.has(event.objectKey);
    case 'EverythingDisabled':
      return state.disabledAtMs === null;
    case 'AlarmRaised':
      return event.hours > state.alarmed;
    case 'HashesBanked':
      return state.outcome === 'upheld' && !state.banked;
    case 'CaseClosed':
      return !state.closed;
    default:
      return false;
  }
}

function evolve(state: Takedown, event: TakedownEvent): Takedown {
  switch (event.type) {
    case 'NoticeReceived': {
      const { disableFirst } = event;
      const [receivedAtMs, dueAtMs] = [Date.parse(event.at), Date.parse(event.dueAt)];
      return { ...state, receivedAtMs, dueAtMs, disableFirst, outcome: 'open' };
    }
    case 'CopiesListed':
      return { ...state, copies: event.copies, listedAfterBanking: state.banked };
    case 'CopyDisabled':
      return { ...state, disabled: new Map([...state.disabled, [event.objectKey, event.fate]]) };
    case 'EverythingDisabled':
      return { ...state, disabledAtMs: Date.parse(event.at) };
    case 'AlarmRaised':
      return { ...state, alarmed: event.hours };
    case 'DismissalProposed':
      return { ...state, proposedBy: event.by };
    case 'NoticeUpheld':
      return { ...state, outcome: 'upheld' };
    case 'NoticeDismissed':
      return { ...state, outcome: 'dismissed' };
    case 'HashesBanked':
      return { ...state, banked: true };
    case 'CopyRestored':
      return { ...state, restored: new Set([...state.restored, event.objectKey]) };
    case 'CaseClosed':
      return { ...state, closed: true };
  }
}

/** A report of a picture, from its receipt to its end. */
export const takedown: Decider<TakedownCommand, TakedownEvent, Takedown> = {
  decide,
  evolve,
  initialState,
};
