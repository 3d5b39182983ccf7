/** A balance is a sum over the journal: what each figure of it means. */
import { type Amount, nano, subtract } from '../money/amount.ts';
import type { Instant } from '../time/instant.ts';
import type { Balance } from './operations.ts';
import type { Place } from './state.ts';

/** Money of one account that went from one place to another, summed over any number of transfers. */
export interface Flow {
  readonly debit: Place;
  readonly credit: Place;
  readonly amount: Amount;
}

/** What open holds had taken, by whether the tranche was still active then. */
export interface HeldThen {
  readonly active: Amount;
  readonly expired: Amount;
}

/**
 * The balance that an account's transfers up to `asOf` and the holds open then amount to. Money held in a tranche that
 * expired meanwhile is held and not yet expired: its call may still be charged to it.
 *
 * granted = unvested + vested + forfeited, and vested + transferredIn = available + held + spent + expired +
 * transferredOut, because each transfer changes both sides of each by the same amount.
 */
export function balanceOf(flows: Iterable<Flow>, held: HeldThen, asOf: Instant): Balance {
  const sums = new Map<string, bigint>();
  for (const { debit, credit, amount } of flows) {
    const pair = `${family(debit)}>${family(credit)}`;
    sums.set(pair, (sums.get(pair) ?? 0n) + amount);
  }
  const moved = (from: string, to: string): bigint => sums.get(`${from}>${to}`) ?? 0n;
  const net = (from: string, to: string): Amount => nano(moved(from, to) - moved(to, from));
  const granted = nano(moved('company', 'promised') + moved('transfers', 'promised'));
  const vested = net('promised', 'tranche');
  const forfeited = net('promised', 'forfeiture');
  const spent = nano(net('tranche', 'charges') + net('tranche', 'overrun'));
  const broken = net('tranche', 'breakage');
  const transferredIn = nano(moved('transfers', 'tranche'));
  const transferredOut = nano(moved('tranche', 'transfers'));
  return {
    asOf,
    granted,
    unvested: nano(granted - vested - forfeited),
    vested,
    held: nano(held.active + held.expired),
    spent,
    expired: subtract(broken, held.expired),
    forfeited,
    transferredIn,
    transferredOut,
    overrun: nano(net('overrun', 'charges') - net('tranche', 'overrun')),
    available: nano(vested + transferredIn - spent - broken - transferredOut - held.active),
  };
}

/** All charges are one place to a balance, whatever the model. */
function family(place: Place): string {
  return place.startsWith('charges/') ? 'charges' : place;
}
