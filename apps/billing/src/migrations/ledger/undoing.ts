/**
 * What refunds, reversals and expiries of grants are measured by: the transaction that they undo.
 * Each is rare, so each may look up what it needs; `added` is the new row as JSON.
 */
export const undoingFunctions = [
  `create function billing.refund_fault(t billing.transactions) returns text
    language plpgsql stable
  as $$
  declare
    charge billing.transactions;
    hold billing.transactions;
    paid_captured bigint;
    total record;
  begin
    select * into charge from billing.transactions where id = t.refers_to
      and account_id = t.account_id and kind = 'captured';
    select * into hold from billing.transactions
      where id = 'hold:' || substr(t.refers_to, length('settle:') + 1);
    if charge.id is null or hold.id is null then return 'it refunds nothing that was captured'; end if;
    paid_captured := -hold.paid_micros - charge.paid_micros;
    select -sum(refunds_micros) as amount, sum(paid_micros) as paid,
      sum(available_micros - paid_micros + promotions_micros) as given into total
      from billing.transactions where refers_to = t.refers_to;
    if total.amount > charge.revenue_micros or total.paid > paid_captured
      or total.given > charge.revenue_micros - paid_captured then
      return 'it refunds more than was captured';
    end if;
    if exists (select from billing.lots_of(t.lots_moved) l
      where l.micros <= 0 or l.expires_ms <= billing.epoch_ms(t.recorded_at)
        or not exists (select from billing.lots_of(hold.lots_moved) h
          where (h.grant_id, h.expires_ms) = (l.grant_id, l.expires_ms) and -h.micros >= l.micros))
    then return 'it returns credits to a lot that they did not come from'; end if;
    return null;
  end $$`,
  `create function billing.reversal_fault(t billing.transactions) returns text
    language plpgsql stable
  as $$
  declare
    undone billing.transactions;
    subject text := substr(t.refers_to, length('grant:') + 1);
    left_micros bigint;
  begin
    select * into undone from billing.transactions where id = t.refers_to
      and account_id = t.account_id and kind in ('grant', 'topup');
    if undone.id is null then return 'it reverses nothing that can be reversed'; end if;
    if (select sum(payments_micros + promotions_micros) from billing.transactions
      where refers_to = t.refers_to) > undone.available_micros
    then return 'it reverses more than there was'; end if;
    if t.lots_moved is distinct from (case when undone.expires_at is not null
      and t.available_micros < 0 then jsonb_build_array(jsonb_build_array(subject,
        billing.epoch_ms(undone.expires_at), t.available_micros::text)) end)
    then return 'it takes credits from another lot'; end if;
    left_micros := case
      when undone.kind = 'topup' then t.paid_after_micros
      when undone.expires_at is null then t.available_after_micros - t.paid_after_micros
        - (select coalesce(sum(micros), 0) from billing.lots_of(t.lots_after))
      else (select coalesce(sum(micros), 0) from billing.lots_of(t.lots_after)
        where grant_id = subject) end;
    if t.losses_micros < 0 and left_micros > 0 then
      return 'it writes off what is still there';
    end if;
    return null;
  end $$`,
  `create function billing.grant_expiry_fault(t billing.transactions) returns text
    language plpgsql stable
  as $$
  declare
    given billing.transactions;
    subject text := substr(t.id, length('expire:') + 1);
  begin
    select * into given from billing.transactions where id = 'grant:' || subject
      and account_id = t.account_id and expires_at <= t.recorded_at;
    if given.id is null then return 'it expires no grant whose time is over'; end if;
    if t.lots_moved is distinct from jsonb_build_array(jsonb_build_array(subject,
        billing.epoch_ms(given.expires_at), t.available_micros::text))
      or exists (select from billing.lots_of(t.lots_after) where grant_id = subject)
    then return 'it does not expire what is left of its grant'; end if;
    return null;
  end $$`,
  `create function billing.undoing_fault(added jsonb) returns text language plpgsql stable as $$
  declare
    t billing.transactions := jsonb_populate_record(null::billing.transactions, added);
  begin
    return case t.kind
      when 'refund' then billing.refund_fault(t)
      when 'reversal' then billing.reversal_fault(t)
      else billing.grant_expiry_fault(t)
    end;
  end $$`,
];
