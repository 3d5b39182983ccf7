/**
 * An auditor with nothing but the journal and the holds: adds up every account and every tranche again, in a way of its
 * own, and names each row and each balance that says something else.
 */
import type pg from 'pg';
import type { Ledger } from '../../src/app/ports.ts';
import { instant } from '../../src/core/time/instant.ts';

interface TransferRow {
  readonly account: string;
  readonly debit: string;
  readonly credit: string;
  readonly amount: bigint;
  readonly at: bigint;
  readonly booked: bigint;
  readonly tranche: string | null;
  readonly version: bigint | null;
  readonly hold: string | null;
}

interface HoldRow {
  readonly id: string;
  readonly state: string;
  readonly payer: string;
  readonly standing: bigint;
  readonly overdraft: bigint;
  readonly took: readonly bigint[];
  readonly tranches: readonly string[];
}

const TRANSFERS = `SELECT t.account_id::text AS account, t.debit, t.credit, t.amount, t.at, e.at AS booked,
    t.tranche_id AS tranche, t.version, e.hold_id AS hold
  FROM transfer t JOIN entry e ON e.id = t.entry_id`;
const HOLDS = `SELECT id, state, accounts[cardinality(accounts)]::text AS payer, charged - reversed AS standing, overdraft,
    slice_took AS took, slice_tranches AS tranches FROM hold`;

/** Sums by name. */
class Sums extends Map<string, bigint> {
  plus(name: string, amount: bigint): void {
    this.set(name, this.of(name) + amount);
  }

  of(name: string): bigint {
    return this.get(name) ?? 0n;
  }
}

/** One sentence for each thing that is wrong. */
export async function auditJournal(pool: pg.Pool, ledger: Ledger): Promise<string[]> {
  const { rows: transfers } = await pool.query<TransferRow>(TRANSFERS);
  const { rows: holds } = await pool.query<HoldRow>(HOLDS);
  const findings: string[] = [];
  const same = (what: string, found: bigint | undefined, derived: bigint): void => {
    if (found !== derived) findings.push(`${what} is ${found}, the journal says ${derived}`);
  };
  const sums = sumsOf(transfers, holds);
  type Kept = { name: string; kept: bigint };
  const rowsOf = async (sql: string): Promise<Kept[]> => (await pool.query<Kept>(sql)).rows;
  for (const { name, kept } of [
    ...(await rowsOf(`SELECT 'posted ' || id AS name, posted AS kept FROM tranche`)),
    ...(await rowsOf(`SELECT 'versions ' || id AS name, version AS kept FROM tranche`)),
    ...(await rowsOf(`SELECT 'held ' || id AS name, held AS kept FROM tranche`)),
    ...(await rowsOf(`SELECT 'owed ' || id AS name, owed AS kept FROM account`)),
    ...(await rowsOf(`SELECT 'overdraft ' || id AS name, overdraft_held AS kept FROM account`)),
    ...(await rowsOf(
      `SELECT 'after expiry ' || id AS name, 0::numeric AS kept FROM tranche WHERE expires_at IS NOT NULL`,
    )),
  ]) {
    same(name, kept, sums.of(name));
  }
  for (const { id, standing } of holds) same(`charge ${id}`, standing, sums.of(`charge ${id}`));
  for (const account of new Set(transfers.map((transfer) => transfer.account))) {
    const mine = transfers.filter((transfer) => transfer.account === account);
    findings.push(...(await auditBalance(ledger, account, mine)));
  }
  return findings;
}

function sumsOf(transfers: readonly TransferRow[], holds: readonly HoldRow[]): Sums {
  const sums = new Sums();
  for (const { account, debit, credit, amount, tranche, version, hold } of transfers) {
    const into = BigInt(credit === 'tranche') - BigInt(debit === 'tranche');
    sums.plus(`after expiry ${tranche}`, into * amount);
    if (version !== null) {
      sums.plus(`posted ${tranche}`, into * amount);
      sums.plus(`versions ${tranche}`, 1n);
    }
    sums.plus(`owed ${account}`, (BigInt(debit === 'overrun') - BigInt(credit === 'overrun')) * amount);
    if (credit.startsWith('charges/')) sums.plus(`charge ${hold}`, amount);
    if (debit.startsWith('charges/')) sums.plus(`charge ${hold}`, -amount);
  }
  for (const { state, payer, overdraft, took, tranches } of holds) {
    if (state !== 'held') continue;
    sums.plus(`overdraft ${payer}`, overdraft);
    for (const [index, tranche] of tranches.entries()) sums.plus(`held ${tranche}`, took[index] ?? 0n);
  }
  return sums;
}

/** As of the last time the account was touched, when every boundary until then is booked. */
async function auditBalance(ledger: Ledger, account: string, transfers: readonly TransferRow[]): Promise<string[]> {
  const asOf = instant(Math.max(...transfers.map(({ booked }) => Number(booked))));
  const flows = new Sums();
  for (const { debit, credit, amount, at } of transfers) {
    if (at > BigInt(asOf)) continue;
    flows.plus(`from ${debit.replace(/^charges\/.*/, 'charges')}`, amount);
    flows.plus(`to ${credit.replace(/^charges\/.*/, 'charges')}`, amount);
  }
  const inOf = (place: string): bigint => flows.of(`from ${place}`);
  const outOf = (place: string): bigint => flows.of(`to ${place}`);
  const found = await ledger.balance(account, asOf);
  const overrun = inOf('overrun') - outOf('overrun');
  const derived = {
    unvested: outOf('promised') - inOf('promised'),
    forfeited: outOf('forfeiture'),
    overrun,
    spent: outOf('charges') - inOf('charges') - overrun,
    transferredOut: outOf('transfers'),
  };
  const findings = Object.entries(derived).flatMap(([name, value]) =>
    found[name as keyof typeof derived] === value ? [] : [`${name} of ${account} is not ${value}`],
  );
  // What lies in tranches is free, or held in one that has not expired.
  const lying = outOf('tranche') - inOf('tranche');
  const held = lying - found.available;
  if (held < 0n || held > found.held)
    findings.push(`${account} has ${lying}, not ${found.available} and ${found.held}`);
  return findings;
}
