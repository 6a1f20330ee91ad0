/**
 * Budgets of an account stand in `budgets_after` of each of its transactions:
 * `[key id or null, "a day" or null, "a month" or null, place that it began with, "spent in the day of
 * recorded_at", "spent in its month"]`; null where there are none. These functions say again, in the
 * database's words, what `ledger/budgets.ts` says in the service's. They run only for accounts that
 * have budgets.
 */
export const budgetFunctions = [
  `create function billing.budgets_of(budgets jsonb)
    returns table (place bigint, key_id text, daily bigint, monthly bigint, since bigint,
      today bigint, this_month bigint)
    language sql immutable
  as $$
    select b.place, b.one ->> 0, (b.one ->> 1)::bigint, (b.one ->> 2)::bigint,
      (b.one ->> 3)::bigint, (b.one ->> 4)::bigint, (b.one ->> 5)::bigint
    from jsonb_array_elements(coalesce(budgets, '[]')) with ordinality as b (one, place)
  $$`,
  `create function billing.utc_period(unit text, at timestamptz) returns timestamp
    language sql immutable
  as $$ select date_trunc(unit, at at time zone 'UTC') $$`,
  `create function billing.budgets_fault(added jsonb, before jsonb, before_at timestamptz)
    returns text language plpgsql stable
  as $$
  declare
    t billing.transactions := jsonb_populate_record(null::billing.transactions, added);
    hold billing.transactions;
    day timestamp := billing.utc_period('day', t.recorded_at);
    month timestamp := billing.utc_period('month', t.recorded_at);
    back bigint := 0;
    new_daily bigint;
    new_monthly bigint;
    must_be jsonb;
  begin
    if t.kind in ('captured', 'voided', 'expired', 'refund') then
      select * into hold from billing.transactions where account_id = t.account_id
        and id = 'hold:' || substr(coalesce(t.refers_to, t.id), length('settle:') + 1);
      back := case t.kind when 'refund' then -t.refunds_micros
        else -t.held_micros - t.revenue_micros end;
    end if;
    if t.kind = 'budget' then
      new_daily := t.metadata ->> 'daily';
      new_monthly := t.metadata ->> 'monthly';
    end if;
    select jsonb_agg(jsonb_build_array(b.key_id, b.daily::text, b.monthly::text, b.since,
        b.today::text, b.this_month::text) order by b.place) into must_be
    from (
      select b.place, b.key_id, b.since,
        case when is_changed then new_daily else b.daily end as daily,
        case when is_changed then new_monthly else b.monthly end as monthly,
        case when billing.utc_period('day', before_at) = day then b.today else 0 end
          + case when is_spent then t.held_micros else 0 end
          - case when is_back and billing.utc_period('day', hold.recorded_at) = day
              then back else 0 end as today,
        case when billing.utc_period('month', before_at) = month then b.this_month else 0 end
          + case when is_spent then t.held_micros else 0 end
          - case when is_back and billing.utc_period('month', hold.recorded_at) = month
              then back else 0 end as this_month
      from billing.budgets_of(before) b
      cross join lateral (select
        t.kind = 'budget' and b.key_id is not distinct from t.key_id as is_changed,
        t.kind = 'hold' and (b.key_id is null or b.key_id is not distinct from t.key_id)
          as is_spent,
        hold.sequence > b.since and (b.key_id is null or b.key_id is not distinct from hold.key_id)
          as is_back) what
      union all
      select 1000, t.key_id, t.sequence, new_daily, new_monthly, 0, 0
      where t.kind = 'budget' and not exists (select from billing.budgets_of(before) b
        where b.key_id is not distinct from t.key_id)) b
    where b.daily is not null or b.monthly is not null;
    if t.budgets_after is distinct from must_be then
      return 'its budgets do not continue its account';
    end if;
    if t.kind = 'hold' and exists (select from billing.budgets_of(t.budgets_after) b
      where (b.key_id is null or b.key_id is not distinct from t.key_id)
        and (b.today > b.daily or b.this_month > b.monthly))
    then return 'it spends more than a budget allows'; end if;
    return null;
  end $$`,
];
