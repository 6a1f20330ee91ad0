import { type Copy, HOUR_MS, type Takedown, type TakedownEvent } from './takedown.js';

/** After so many hours somebody is told that nobody has decided. */
export const ALARM_HOURS = [24, 36, 44] as const;
/** An hour before the end of the time everything is disabled, whether somebody has decided or not. */
const SAFE_SIDE_MS = HOUR_MS;

/** What has to be done next, and by whom; `wait` for a person or the clock. */
export type Step =
  | { readonly type: 'list' }
  | { readonly type: 'disable'; readonly copy: Copy }
  | { readonly type: 'bank' }
  | { readonly type: 'restore'; readonly copy: Copy }
  | { readonly type: 'record'; readonly event: TakedownEvent }
  | { readonly type: 'wait'; readonly untilMs: number | null };

/** Pure: the whole course of a case. What it asks for may be done twice, and is recorded once. */
export function nextStep(state: Takedown, nowMs: number): Step {
  const at = new Date(nowMs).toISOString();
  if (state.outcome === 'unknown' || state.closed) return { type: 'wait', untilMs: null };
  if (state.outcome === 'dismissed') return whileDismissed(state, at);
  const hours = state.outcome === 'open' ? alarmDue(state, nowMs) : undefined;
  // Before what may fail: it is then that somebody has to know.
  if (hours !== undefined) return { type: 'record', event: { type: 'AlarmRaised', at, hours } };
  if (isToBeDisabled(state, nowMs)) {
    const step = whileDisabling(state, at);
    if (step) return step;
  }
  if (state.outcome === 'upheld') return { type: 'record', event: { type: 'CaseClosed', at } };
  return { type: 'wait', untilMs: nextMoment(state, nowMs) };
}

const isToBeDisabled = (state: Takedown, nowMs: number): boolean =>
  state.disableFirst || state.outcome === 'upheld' || nowMs >= state.dueAtMs - SAFE_SIDE_MS;

function whileDisabling(state: Takedown, at: string): Step | undefined {
  const { copies, disabled, outcome, banked, listedAfterBanking } = state;
  if (copies === null) return { type: 'list' };
  const copy = copies.find(({ objectKey }) => !disabled.has(objectKey));
  if (copy) return { type: 'disable', copy };
  if (state.disabledAtMs === null) {
    const event = { type: 'EverythingDisabled', at, copies: copies.length } as const;
    return { type: 'record', event };
  }
  if (outcome !== 'upheld') return undefined;
  if (!banked) return { type: 'bank' };
  return listedAfterBanking ? undefined : { type: 'list' };
}

/** All that were found: one may have been disabled, and whoever did it died before saying so. */
function whileDismissed({ copies, restored }: Takedown, at: string): Step {
  const copy = copies?.find(({ objectKey }) => !restored.has(objectKey));
  if (copy) return { type: 'restore', copy };
  return { type: 'record', event: { type: 'CaseClosed', at } };
}

/** The latest only: whoever was away for a day is told once. */
function alarmDue({ receivedAtMs, alarmed }: Takedown, nowMs: number): number | undefined {
  const due = ALARM_HOURS.findLast((hours) => nowMs >= receivedAtMs + hours * HOUR_MS);
  return due !== undefined && due > alarmed ? due : undefined;
}

function nextMoment({ receivedAtMs, dueAtMs }: Takedown, nowMs: number): number | null {
  const moments = [
    ...ALARM_HOURS.map((hours) => receivedAtMs + hours * HOUR_MS),
    dueAtMs - SAFE_SIDE_MS,
  ];
  return moments.toSorted((a, b) => a - b).find((moment) => moment > nowMs) ?? null;
}
