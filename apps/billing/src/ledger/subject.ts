import type { LedgerSubject } from '@safelight/contracts';

/** The columns of a stored transaction that say what it is about. */
export interface About {
  readonly id: string;
  readonly kind: string;
  readonly refers_to: string | null;
}

/** What a transaction is about, as its customer knows it; a reversal is about what it undoes. */
export function subjectOf({ id, kind, refers_to }: About): LedgerSubject {
  const [prefix, rest] = partsOf(kind === 'reversal' && refers_to !== null ? refers_to : id);
  switch (prefix) {
    case 'topup':
      return { type: 'top_up', id: topUpIn(rest) };
    case 'grant':
    case 'expire':
      return { type: 'grant', id: rest };
    case 'refund':
      return { type: 'refund', id: rest };
    case 'adjust':
      return { type: 'adjustment', id: rest };
    case 'budget':
      return { type: 'budget', id: rest };
    default:
      return { type: 'job', id: rest };
  }
}

/** The job of a hold, of its settlement or of a refund. */
export function jobOf(about: About): string | null {
  if (about.kind === 'refund') return about.refers_to === null ? null : partsOf(about.refers_to)[1];
  const { type, id } = subjectOf(about);
  return type === 'job' ? id : null;
}

const OWN = /^[a-z]+:(top_[0-9a-hjkmnp-tv-z]{26})(:\d+)?$/;

/** Our own top-up's id; of a payment from elsewhere, provider and payment. */
const topUpIn = (topUpId: string): string => OWN.exec(topUpId)?.[1] ?? topUpId;

function partsOf(transactionId: string): readonly [string, string] {
  const colon = transactionId.indexOf(':');
  return [transactionId.slice(0, colon), transactionId.slice(colon + 1)];
}
