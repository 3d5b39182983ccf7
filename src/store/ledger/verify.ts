/**
 * Re-derives what must hold from the journal: every running figure is a sum of transfers, no version is missing, every
 * transfer belongs to an entry and to an account of its book, and what is held is what open holds took.
 */
import type { ClientBase, Pool } from 'pg';
import type { LedgerVerdict } from '../../app/ports.ts';
import { nano } from '../../core/money/amount.ts';
import { inSnapshot, unhurried } from './snapshot.ts';

interface Check {
  /** What is wrong with each that is found, after its name. */
  readonly finding: string;
  /** The names of those for which it is wrong. */
  readonly sql: string;
  /** It concerns the journal itself, and not what is derived from it. */
  readonly audit?: true;
}

/** What each versioned transfer did to its tranche. */
const STEPS = `SELECT tranche_id, version, balance_after, amount * (CASE WHEN credit = 'tranche' THEN 1 ELSE -1 END) AS change
  FROM transfer WHERE version IS NOT NULL`;

const SUMS = `SELECT tranche_id,
    sum(CASE WHEN credit = 'tranche' THEN amount ELSE -amount END) FILTER (WHERE version IS NOT NULL) AS posted,
    sum(CASE WHEN credit = 'tranche' THEN amount ELSE -amount END) FILTER (WHERE version IS NULL) AS planned,
    max(version) AS version
  FROM transfer WHERE tranche_id IS NOT NULL GROUP BY tranche_id`;

const CHECKS: readonly Check[] = [
  {
    finding: 'is an entry without a transfer',
    sql: `SELECT e.id FROM entry e WHERE NOT EXISTS (SELECT FROM transfer t WHERE t.entry_id = e.id)`,
    audit: true,
  },
  {
    finding: 'is named by transfers and is no entry of their account’s book',
    sql: `SELECT DISTINCT t.entry_id FROM transfer t LEFT JOIN entry e ON e.id = t.entry_id
      LEFT JOIN account a ON a.id = t.account_id WHERE e.book IS DISTINCT FROM a.book OR e.book IS NULL`,
    audit: true,
  },
  {
    finding:
      'is a tranche whose versions are not gapless, or whose balance after one is not the one before and its change',
    sql: `SELECT DISTINCT tranche_id FROM (
        SELECT tranche_id, version, balance_after,
          row_number() OVER w AS position, sum(change) OVER w AS balance
        FROM (${STEPS}) steps WINDOW w AS (PARTITION BY tranche_id ORDER BY version)) chain
      WHERE version <> position OR balance_after <> balance`,
    audit: true,
  },
  {
    finding: 'is a tranche that differs from the sum of its transfers',
    sql: `SELECT coalesce(t.id, s.tranche_id) FROM tranche t FULL JOIN (${SUMS}) s ON s.tranche_id = t.id
      WHERE t.id IS NULL OR t.posted <> coalesce(s.posted, 0) OR t.version <> coalesce(s.version, 0)`,
    audit: true,
  },
  {
    finding: 'is a tranche whose booked-ahead expiry is not what it has',
    sql: `SELECT t.id FROM tranche t LEFT JOIN (${SUMS}) s ON s.tranche_id = t.id
      WHERE coalesce(s.planned, 0) <> CASE WHEN t.expires_at IS NULL THEN 0 ELSE -coalesce(s.posted, 0) END`,
  },
  {
    finding: 'is a tranche whose expiry is booked for another time than its own',
    sql: `SELECT DISTINCT x.tranche_id FROM transfer x LEFT JOIN tranche t ON t.id = x.tranche_id
        LEFT JOIN transfer m ON m.entry_id = x.entry_id AND m.ordinal = x.ordinal - 1 AND m.tranche_id = x.tranche_id
      WHERE x.version IS NULL AND x.tranche_id IS NOT NULL AND x.at IS DISTINCT FROM greatest(t.expires_at, m.at)`,
  },
  {
    finding: 'is a tranche that is moved in another account’s name',
    sql: `SELECT DISTINCT t.id FROM tranche t JOIN transfer x ON x.tranche_id = t.id WHERE x.account_id <> t.account_id`,
    audit: true,
  },
  {
    finding: 'is a tranche whose held amount is not what open holds took',
    sql: `SELECT t.id FROM tranche t LEFT JOIN (
        SELECT s.tranche_id, sum(s.took) AS took FROM hold h, unnest(h.slice_tranches, h.slice_took) s (tranche_id, took)
        WHERE h.state = 'held' GROUP BY s.tranche_id) o ON o.tranche_id = t.id
      WHERE t.held <> coalesce(o.took, 0)`,
  },
  {
    finding: 'is an account whose held overdraft is not what open holds may draw',
    sql: `SELECT a.id::text FROM account a LEFT JOIN (
        SELECT accounts[cardinality(accounts)] AS account_id, sum(overdraft) AS drawn
        FROM hold WHERE state = 'held' GROUP BY 1) o ON o.account_id = a.id
      WHERE a.overdraft_held <> coalesce(o.drawn, 0)`,
  },
  {
    finding: 'is a hold whose slices are not its amount, or not its charge',
    sql: `SELECT h.id FROM hold h WHERE
      (SELECT coalesce(sum(took), 0) FROM unnest(h.slice_took) took) + h.overdraft <> h.amount
      OR (SELECT coalesce(sum(charged), 0) FROM unnest(h.slice_charged) charged) + h.overrun <> h.charged`,
  },
  {
    finding: 'is a hold whose charge is not what its entries booked',
    sql: `SELECT coalesce(h.id, b.hold_id) FROM hold h FULL JOIN (
        SELECT e.hold_id, sum(CASE WHEN t.credit LIKE 'charges/%' THEN t.amount ELSE 0 END)
          - sum(CASE WHEN t.debit LIKE 'charges/%' THEN t.amount ELSE 0 END) AS booked
        FROM entry e JOIN transfer t ON t.entry_id = e.id WHERE e.hold_id IS NOT NULL GROUP BY e.hold_id) b
      ON b.hold_id = h.id
      WHERE h.id IS NULL OR coalesce(b.booked, 0) <> h.charged - h.reversed`,
  },
  {
    finding: 'is an account whose overrun is not what its entries booked',
    sql: `SELECT a.id::text FROM account a LEFT JOIN (
        SELECT account_id, sum(CASE WHEN debit = 'overrun' THEN amount ELSE 0 END)
          - sum(CASE WHEN credit = 'overrun' THEN amount ELSE 0 END) AS owed
        FROM transfer WHERE debit = 'overrun' OR credit = 'overrun' GROUP BY account_id) o ON o.account_id = a.id
      WHERE a.owed <> coalesce(o.owed, 0)`,
  },
];

const COUNTS = `SELECT (SELECT count(*) FROM entry), (SELECT count(*) FROM hold WHERE state = 'held'),
  (SELECT coalesce(sum(amount), 0) FROM transfer t WHERE EXISTS (SELECT FROM entry e WHERE e.id = t.entry_id)),
  (SELECT coalesce(sum(amount), 0) FROM transfer),
  (SELECT count(DISTINCT account_id) FROM tranche WHERE posted < 0 OR held < 0 OR posted < held)`;

const NAMED_MOST = 3;

/** Reads everything: minutes on a large ledger. Throws `Refused(store_unavailable)`. */
export function verifyLedger(pool: Pool): Promise<LedgerVerdict> {
  return inSnapshot(pool, async (client) => {
    await client.query('SET LOCAL statement_timeout = 0');
    type Counts = [entries: bigint, openHolds: bigint, debits: bigint, credits: bigint, negative: bigint];
    const [counts = [0n, 0n, 0n, 0n, 0n]] = await unhurried<Counts>(client, COUNTS);
    const [entries, openHolds, debits, credits, negative] = counts;
    const findings: string[] = [];
    let auditOk = true;
    for (const check of CHECKS) {
      const found = await findingsOf(client, check);
      findings.push(...found);
      if (check.audit && found.length > 0) auditOk = false;
    }
    if (debits !== credits) findings.push(`The debits are ${debits} and the credits ${credits} nano-dollars.`);
    if (negative > 0n) findings.push(`${negative} accounts are below zero.`);
    return {
      ok: findings.length === 0,
      entries: Number(entries),
      debits: nano(debits),
      credits: nano(credits),
      openHolds: Number(openHolds),
      negativeAccounts: Number(negative),
      auditOk,
      findings,
    };
  });
}

async function findingsOf(client: ClientBase, { finding, sql }: Check): Promise<string[]> {
  const found = await unhurried<[name: string]>(client, `${sql} LIMIT ${NAMED_MOST + 1}`);
  const named = found.slice(0, NAMED_MOST).map(([name]) => `${name} ${finding}.`);
  return found.length > NAMED_MOST ? [...named, `More than ${NAMED_MOST}: each ${finding}.`] : named;
}
