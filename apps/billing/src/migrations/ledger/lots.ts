/**
 * Grants with an end are lots of their own: `[grant id, end in epoch milliseconds, "micro-credits"]`
 * in the columns `lots_moved` and `lots_after`, both null where there are none. What of a balance is
 * neither bought nor in a lot was given without an end.
 *
 * These functions say again, in the database's words, what `ledger/lots.ts` says in the service's:
 * which lots a transaction must have moved. They run only where there are any.
 */
export const lotFunctions = [
  `create function billing.lots_of(lots jsonb)
    returns table (place bigint, grant_id text, expires_ms bigint, micros bigint)
    language sql immutable
  as $$
    select l.place, l.lot ->> 0, (l.lot ->> 1)::bigint, (l.lot ->> 2)::bigint
    from jsonb_array_elements(coalesce(lots, '[]')) with ordinality as l (lot, place)
  $$`,
  `create function billing.epoch_ms(at timestamptz) returns bigint language sql immutable as $$
    select floor(extract(epoch from at) * 1000)::bigint
  $$`,
  // What is in lots whose time is over: there, until it is swept, and not to be spent.
  `create function billing.lots_overdue(lots jsonb, at_ms bigint) returns numeric
    language sql immutable
  as $$
    select coalesce(sum(micros), 0) from billing.lots_of(lots) where expires_ms <= at_ms
  $$`,
  // Spending takes the soonest first, as far as it goes.
  `create function billing.lots_spent(before jsonb, spent bigint, at_ms bigint) returns jsonb
    language sql immutable
  as $$
    select jsonb_agg(jsonb_build_array(grant_id, expires_ms, (-least(micros, spent - prior))::text)
      order by place)
    from (
      select l.*, coalesce(sum(micros) over (order by place
        rows between unbounded preceding and 1 preceding), 0) as prior
      from billing.lots_of(before) l where expires_ms > at_ms) ranked
    where prior < spent
  $$`,
  // What a hold gives up: what was captured was taken from the soonest.
  `create function billing.lots_given_up(hold_lots jsonb, captured bigint)
    returns table (place bigint, grant_id text, expires_ms bigint, micros numeric)
    language sql immutable
  as $$
    select place, grant_id, expires_ms, least(-micros, upto - captured)
    from (select l.*, sum(-l.micros) over (order by l.place) as upto
      from billing.lots_of(hold_lots) l) ranked
    where upto > captured
  $$`,
  `create function billing.lots_returned(hold_lots jsonb, captured bigint, at_ms bigint)
    returns jsonb language sql immutable
  as $$
    select jsonb_agg(jsonb_build_array(grant_id, expires_ms, micros::text) order by place)
    from billing.lots_given_up(hold_lots, captured) where expires_ms > at_ms
  $$`,
  `create function billing.lots_lapsed(hold_lots jsonb, captured bigint, at_ms bigint)
    returns numeric language sql immutable
  as $$
    select coalesce(sum(micros), 0)
    from billing.lots_given_up(hold_lots, captured) where expires_ms <= at_ms
  $$`,
  // Whether the lots after a transaction are those before it and what it moved; the soonest first.
  `create function billing.lots_continue(before jsonb, moved jsonb, after jsonb) returns boolean
    language sql immutable
  as $$
    select not exists (
      select from (
        select grant_id, expires_ms, sum(micros) as micros
        from (select * from billing.lots_of(before)
          union all select * from billing.lots_of(moved)) both_of_them
        group by grant_id, expires_ms having sum(micros) <> 0) expected
      full join billing.lots_of(after) found using (grant_id, expires_ms)
      where expected.micros is distinct from found.micros)
    and not exists (
      select from (select *, lag(expires_ms) over (order by place) as sooner
        from billing.lots_of(after)) l
      where l.micros <= 0 or l.sooner > l.expires_ms)
    and (select count(*) = count(distinct grant_id) from billing.lots_of(after))
  $$`,
  `create function billing.lots_fault(added jsonb, before jsonb, hold_lots jsonb) returns text
    language plpgsql immutable
  as $$
  declare
    t billing.transactions := jsonb_populate_record(null::billing.transactions, added);
    at_ms bigint := billing.epoch_ms(t.recorded_at);
    must_move jsonb;
  begin
    case t.kind
      when 'hold' then must_move := billing.lots_spent(before, t.held_micros, at_ms);
      when 'captured', 'voided', 'expired' then
        must_move := billing.lots_returned(hold_lots, t.revenue_micros, at_ms);
        if t.promotions_micros <> billing.lots_lapsed(hold_lots, t.revenue_micros, at_ms) then
          return 'it expires other credits than those whose time is over';
        end if;
      when 'grant' then
        if t.expires_at is not null then
          must_move := jsonb_build_array(jsonb_build_array(substr(t.id, length('grant:') + 1),
            billing.epoch_ms(t.expires_at), t.available_micros::text));
        end if;
      when 'adjustment' then
        if t.available_micros < 0 and t.paid_micros = 0 then
          must_move := billing.lots_spent(before, -t.available_micros, at_ms);
        end if;
      when 'topup' then null;
      -- Refunds, reversals and expiries are compared with what they undo.
      else must_move := t.lots_moved;
    end case;
    if t.lots_moved is distinct from must_move then
      return 'it takes its credits in another order';
    end if;
    if not billing.lots_continue(before, t.lots_moved, t.lots_after) then
      return 'its lots do not continue its account';
    end if;
    if t.paid_after_micros + (select coalesce(sum(micros), 0) from billing.lots_of(t.lots_after))
      > t.available_after_micros then
      return 'its lots are more than its balance';
    end if;
    return null;
  end $$`,
];
