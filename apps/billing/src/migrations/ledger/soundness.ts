import { budgetFunctions } from './budgets.js';
import { lotFunctions } from './lots.js';
import { shape } from './shape.js';
import { undoingFunctions } from './undoing.js';

/** Kinds that are measured by the transaction that they undo. */
const undoes = `t.kind in ('refund', 'reversal', 'grant_expired')`;

/**
 * One query over the rows that one statement added, so that its plan is made once per connection;
 * perhaps while the table is still empty, hence the planner setting and the `limit 1`s, which
 * keep it on the indexes. The functions about lots and about undoing run only for the rows that
 * have to do with such things; those about budgets, only for accounts that have any.
 */
const verifyAdded = `create function billing.verify_added() returns trigger language plpgsql
    set enable_seqscan = off
  as $$
  declare
    culprit text;
    fault text;
  begin
    select checked.id, checked.fault into culprit, fault from (
      select t.id, coalesce(case
        when (${shape}) is not true then 'it does not have the shape of its kind'
        when t.sequence <> coalesce(before.sequence, 0) + 1
          or t.available_after_micros
            <> coalesce(before.available_after_micros, 0) + t.available_micros
          or t.held_after_micros <> coalesce(before.held_after_micros, 0) + t.held_micros
          or t.paid_after_micros <> coalesce(before.paid_after_micros, 0) + t.paid_micros
          then 'it does not continue its account'
        when t.held_micros < 0 and (hold.account_id, hold.held_micros)
          is distinct from (t.account_id, -t.held_micros)
          then 'it does not give away the price of its hold'
        when t.held_micros < 0 and (t.paid_micros
            <> least(-hold.paid_micros, hold.held_micros - t.revenue_micros)
          or (t.promotions_micros <> 0 and hold.lots_moved is null))
          then 'it does not give back the credits of its hold'
        when t.held_micros > 0 and -t.paid_micros <> greatest(0, t.held_micros
          - (before.available_after_micros - before.paid_after_micros
            - case when before.lots_after is null then 0
                else billing.lots_overdue(before.lots_after, billing.epoch_ms(t.recorded_at)) end))
          then 'it does not spend given credits before bought ones'
        when coalesce(before.lots_after, t.lots_after, t.lots_moved, hold.lots_moved) is not null
          or (t.kind = 'grant' and t.expires_at is not null) or (${undoes})
          then coalesce(billing.lots_fault(to_jsonb(t), before.lots_after, hold.lots_moved),
            case when ${undoes} then billing.undoing_fault(to_jsonb(t)) end)
      end, case
        when coalesce(before.budgets_after, t.budgets_after) is not null or t.kind = 'budget'
          then billing.budgets_fault(to_jsonb(t), before.budgets_after, before.recorded_at)
      end) as fault,
      t.recorded_at < before.recorded_at or t.recorded_at not between
        clock_timestamp() - interval '10 s' and clock_timestamp() + interval '10 s' as is_untimely
      from added t
      left join lateral (
        select * from billing.transactions b
        where b.account_id = t.account_id and b.sequence = t.sequence - 1 limit 1) before on true
      left join lateral (
        select * from billing.transactions h
        where t.held_micros < 0 and h.id = 'hold:' || substr(t.id, length('settle:') + 1)
        limit 1) hold on true) checked
    where checked.fault is not null or checked.is_untimely limit 1;
    if found and fault is null then
      raise exception '% was decided by a clock far from this one', culprit
        using errcode = 'serialization_failure';
    end if;
    if fault is not null then
      raise exception '% cannot be stored: %', culprit, fault using errcode = 'check_violation';
    end if;
    return null;
  end $$`;

/** What the database verifies by itself of every row that is added. */
export const soundness = [
  ...lotFunctions,
  ...budgetFunctions,
  ...undoingFunctions,
  verifyAdded,
  `create trigger verify_added after insert on billing.transactions
    referencing new table as added for each statement execute function billing.verify_added()`,
];
