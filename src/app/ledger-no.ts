/** What a caller of the API is told when the ledger says no. */
import { type Refused, refused } from '../core/errors.ts';
import type { LedgerRefusal } from '../core/ledger/operations.ts';
import { formatDollars } from '../core/money/amount.ts';

/** What an operation's fields are called where they are asked for. */
const OUTSIDE_WORDS: Readonly<Record<string, string>> = {
  asked: 'amount',
  least: 'amount',
  charged: 'amount',
  charge: 'usage',
  leaseMs: 'lease',
  accounts: 'payer',
};

/** `payer`: whose money it was, as a sentence begins: `This pool`. `whereToAsk`: who gives more of it. */
export function ledgerNo(refusal: LedgerRefusal, payer: string, whereToAsk: string): Refused {
  switch (refusal.why) {
    case 'insufficient': {
      const { available: left, renewsAt } = refusal;
      return refused(
        'budget_exhausted',
        `${payer} does not cover it: $${formatDollars(left)} of budget is left. To get more, ask ${whereToAsk}.`,
        { budget: { left, whereToAsk, ...(renewsAt === undefined ? {} : { renewsAt }) } },
      );
    }
    case 'already':
      return refused(
        'conflict',
        `This hold is ${refusal.state} already, with $${formatDollars(refusal.amount)}. Nothing was changed.`,
      );
    case 'id_reused': {
      const differs = new Set(refusal.differs.map((field) => OUTSIDE_WORDS[field] ?? field));
      return refused(
        'unprocessable',
        `The same was asked for before with other contents: ${[...differs].join(', ')}. Nothing was changed.`,
      );
    }
    case 'unknown':
      return refused('not_found', `There is no such ${refusal.what} here.`);
    case 'beyond':
      return refused('unprocessable', `At most $${formatDollars(refusal.most)} is possible here. Nothing was changed.`);
  }
}
