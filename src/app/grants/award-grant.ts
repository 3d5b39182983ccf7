/** Promises a budget to a person: an amount, or an exact share of base salary. */
import { refused } from '../../core/errors.ts';
import { shareOfBase } from '../../core/grants/share-of-base.ts';
import { AMOUNT_MOST } from '../../core/ledger/admissible.ts';
import type { Amount } from '../../core/money/amount.ts';
import { startOfDay } from '../../core/time/calendar.ts';
import { type Act, idOf } from '../act.ts';
import { missing, unfit } from '../missing.ts';
import type { PersonRecord } from '../ports/people.ts';
import type { GrantRecord } from '../ports/promises.ts';
import { type GrantPosting, postGrant } from './post-grant.ts';
import { termOf } from './term.ts';

export interface GrantPorts extends GrantPosting {
  /** The company's, in which its dates begin: an IANA name. */
  readonly zone: string;
}

export interface NewGrant {
  readonly personId: string;
  readonly worth: { readonly amount: Amount } | { readonly percentOfBase: string };
  readonly poolId?: string;
  readonly effectiveOn: string;
  readonly expiresOn?: string;
  readonly priority?: number;
  readonly rollover?: { readonly most: Amount; readonly least: Amount; readonly expiresOn?: string };
  readonly kind?: string;
  readonly taxTreatment?: string;
  readonly note?: string;
}

/** Tranches that nobody gave a priority burn in the middle, so that there is room before and after them. */
const PRIORITY = 100;

/**
 * Throws `Refused`: `not_found` (person or pool), `unprocessable` (no base salary to take a share of, dates that cannot
 * be), `budget_exhausted` (the pool does not cover it; nothing is promised then).
 */
export async function awardGrant(ports: GrantPorts, act: Act, asked: NewGrant): Promise<GrantRecord> {
  const { worth, rollover, ...terms } = asked;
  const person = await ports.people.find(asked.personId);
  if (!person) throw missing('person', '/personId');
  if (asked.poolId !== undefined && !(await ports.pools.find(asked.poolId))) throw missing('pool', '/poolId');
  const kept = await ports.grants.keep({
    ...terms,
    ...amountOf(worth, person),
    ...termOf(asked, ports.zone),
    ...(rollover === undefined ? {} : { rollover: rolloverOf(rollover, asked.expiresOn, ports.zone) }),
    id: idOf(ports.ids, act, 'grant'),
    priority: asked.priority ?? PRIORITY,
  });
  return postGrant(ports, kept);
}

function amountOf(
  worth: NewGrant['worth'],
  person: PersonRecord,
): Pick<GrantRecord, 'amount' | 'percentOfBase' | 'baseSalary'> {
  if ('amount' in worth) return worth;
  const { percentOfBase } = worth;
  const { baseSalary } = person;
  if (baseSalary === undefined) throw unfit('/percentOfBase', 'needs a base salary, and this person has none');
  const amount = shareOfBase(baseSalary, percentOfBase);
  if (amount === undefined) throw refused('unprocessable', 'percentOfBase must be decimal.');
  if (amount <= 0n) throw unfit('/percentOfBase', 'comes to nothing of this base salary');
  if (amount > AMOUNT_MOST) throw unfit('/percentOfBase', 'comes to more of this base salary than can be granted');
  return { amount, percentOfBase, baseSalary };
}

function rolloverOf(
  rollover: NonNullable<NewGrant['rollover']>,
  expiresOn: string | undefined,
  zone: string,
): NonNullable<GrantRecord['rollover']> {
  if (expiresOn === undefined) throw unfit('/rollover', 'is of a grant that expires, and this one does not');
  if (rollover.least > rollover.most) throw unfit('/rollover/least', 'is above most');
  if (rollover.expiresOn === undefined) return rollover;
  const expiresAt = startOfDay(rollover.expiresOn, zone);
  if (expiresAt <= startOfDay(expiresOn, zone)) {
    throw unfit('/rollover/expiresOn', 'must be after the grant’s own expiresOn');
  }
  return { ...rollover, expiresAt };
}
