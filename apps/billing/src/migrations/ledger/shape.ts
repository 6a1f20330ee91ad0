type Column =
  | 'available'
  | 'held'
  | 'promotions'
  | 'payments'
  | 'revenue'
  | 'refunds'
  | 'adjustments'
  | 'losses'
  | 'paid';

const columns = ['available', 'held', 'promotions', 'payments', 'revenue', 'refunds'] as const;
const rarer = ['adjustments', 'losses'] as const;

/** That a transaction moves nothing but in these ledger accounts. */
function movesOnly(...moved: Column[]): string {
  const still = [...columns, ...rarer].filter((column) => !moved.includes(column));
  return still.map((column) => `t.${column}_micros = 0`).join(' and ');
}

const noTerms =
  't.item is null and t.price_version is null and t.expires_at is null and t.key_id is null';
const noReference = 't.refers_to is null';
const reasons = `'correction', 'goodwill', 'migration', 'shortfall_collected'`;

function settlementOf(revenue: string): string {
  return `t.id like 'settle:_%' and t.held_micros < 0 and t.available_micros >= 0 and ${revenue}
    and t.promotions_micros >= 0 and t.paid_micros between 0 and t.available_micros
    and ${movesOnly('held', 'available', 'promotions', 'revenue')}
    and ${noTerms} and ${noReference}`;
}

/** What a transaction `t` of each kind looks like, given that it sums to zero. */
export const shape = `case t.kind
  when 'hold' then t.id like 'hold:_%' and t.held_micros > 0
    and t.paid_micros between t.available_micros and 0 and ${movesOnly('available', 'held')}
    and t.item is not null and t.price_version is not null and t.expires_at is not null
    and ${noReference}
  when 'captured' then ${settlementOf('t.revenue_micros >= 0')}
  when 'voided' then ${settlementOf('t.revenue_micros = 0')}
  when 'expired' then ${settlementOf('t.revenue_micros = 0')}
  when 'grant' then t.id like 'grant:_%' and t.available_micros > 0 and t.paid_micros = 0
    and ${movesOnly('available', 'promotions')}
    and t.item is null and t.price_version is null and t.key_id is null and ${noReference}
  when 'topup' then t.available_micros > 0 and t.paid_micros = t.available_micros
    and t.id = 'topup:' || (t.metadata ->> 'provider') || ':' || (t.metadata ->> 'paymentId')
    and t.metadata ->> 'provider' ~ '^[a-z]+$' and t.metadata ->> 'paymentId' <> ''
    and ${movesOnly('available', 'payments')} and ${noTerms} and ${noReference}
  when 'refund' then t.id like 'refund:_%' and t.refunds_micros < 0
    and t.available_micros >= 0 and t.promotions_micros >= 0
    and t.paid_micros between 0 and t.available_micros
    and ${movesOnly('available', 'promotions', 'refunds')}
    and ${noTerms} and t.refers_to like 'settle:_%'
  when 'reversal' then t.id like 'reverse:_%' and t.available_micros <= 0 and t.losses_micros <= 0
    and t.available_micros + t.losses_micros < 0
    and ${movesOnly('available', 'losses', 'payments', 'promotions')} and ${noTerms}
    and ((t.refers_to like 'topup:_%' and t.promotions_micros = 0
        and t.paid_micros = t.available_micros)
      or (t.refers_to like 'grant:_%' and t.payments_micros = 0 and t.paid_micros = 0))
  when 'adjustment' then t.id like 'adjust:_%' and t.available_micros <> 0
    and t.paid_micros in (0, t.available_micros) and t.metadata ->> 'reason' in (${reasons})
    and case t.metadata ->> 'reason' when 'shortfall_collected'
      then t.losses_micros > 0 and ${movesOnly('available', 'losses')}
      else ${movesOnly('available', 'adjustments')} end
    and ${noTerms} and ${noReference}
  when 'grant_expired' then t.id like 'expire:_%' and t.available_micros < 0 and t.paid_micros = 0
    and ${movesOnly('available', 'promotions')} and ${noTerms} and ${noReference}
  when 'budget' then t.id like 'budget:_%' and t.paid_micros = 0 and t.lots_moved is null
    and ${movesOnly()} and t.item is null and t.price_version is null and t.expires_at is null
    and ${noReference}
end`;
