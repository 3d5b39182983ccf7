/** A balance as of any instant: the sum of what is booked until then, of what boundaries will bring, and of what is held. */
import type { ClientBase, Pool } from 'pg';
import { refused } from '../../core/errors.ts';
import { isAccountId } from '../../core/ledger/admissible.ts';
import { balanceOf, type Flow, type HeldThen } from '../../core/ledger/balance.ts';
import type { AccountId, Balance } from '../../core/ledger/operations.ts';
import { heldAt, pendingTransfers } from '../../core/ledger/project.ts';
import type { Place } from '../../core/ledger/state.ts';
import { nano } from '../../core/money/amount.ts';
import { type Instant, instant } from '../../core/time/instant.ts';
import {
  ACCOUNT_COLUMNS,
  type AccountRow,
  readAccount,
  readTranche,
  TRANCHE_COLUMNS,
  type TrancheRow,
  whole,
} from './read-rows.ts';
import { inSnapshot, tuples } from './snapshot.ts';

const ACCOUNT = `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint, ${ACCOUNT_COLUMNS}
  FROM account a WHERE a.id = $1`;

const TRANCHES = `SELECT ${TRANCHE_COLUMNS} FROM tranche t WHERE t.account_id = $1 AND (t.stage <> 'closed' OR t.held > 0)`;

const FLOWS = `SELECT debit, credit, sum(amount) FROM transfer WHERE account_id = $1 AND at <= $2 GROUP BY debit, credit`;

/**
 * In two parts, because each has an index of its own and an OR over both has none: holds that are still open, and those
 * that ended after that time. A refused hold was never open and never ends.
 */
const HELD_THEN = `SELECT coalesce(t.expires_at <= $2, false), sum(s.took)
  FROM (SELECT slice_accounts, slice_tranches, slice_took FROM hold WHERE state = 'held' AND created_at <= $2
      UNION ALL
      SELECT slice_accounts, slice_tranches, slice_took FROM hold WHERE created_at <= $2 AND ended_at > $2) h,
    unnest(h.slice_accounts, h.slice_tranches, h.slice_took) s (account_id, tranche_id, took)
    JOIN tranche t ON t.id = s.tranche_id
  WHERE s.account_id = $1
  GROUP BY 1`;

/** As of now when no instant is given. Throws `Refused`: `not_found`, `store_unavailable`. */
export async function readBalance(pool: Pool, id: AccountId, asOf?: Instant): Promise<Balance> {
  const balance = isAccountId(id) ? await balanceIn(pool, id, asOf) : undefined;
  if (!balance) throw refused('not_found', 'There is no such account here.');
  return balance;
}

function balanceIn(pool: Pool, id: AccountId, asOf?: Instant): Promise<Balance | undefined> {
  return inSnapshot(pool, async (client) => {
    const [found] = await tuples<[now: bigint, ...account: AccountRow]>(client, ACCOUNT, [id]);
    if (!found) return undefined;
    const [nowMs, ...accountRow] = found;
    const now = whole(nowMs);
    const then = asOf ?? now;
    const tranches = (await tuples<TrancheRow>(client, TRANCHES, [id])).map(readTranche);
    const booked = await tuples<[debit: Place, credit: Place, sum: bigint]>(client, FLOWS, [id, then]);
    const pending = pendingTransfers(readAccount(accountRow), tranches, instant(Math.max(then, now)));
    const flows: Flow[] = [
      ...booked.map(([debit, credit, sum]) => ({ debit, credit, amount: nano(sum) })),
      ...pending.filter(({ at }) => at <= then),
    ];
    return balanceOf(flows, then < now ? await heldThen(client, id, then) : heldAt(tranches, then), then);
  });
}

async function heldThen(client: ClientBase, id: AccountId, then: Instant): Promise<HeldThen> {
  // The planner takes a hold's beginning and end for unrelated and expects a quarter of all holds where there are a few.
  await client.query('SET LOCAL enable_seqscan = off');
  const rows = await tuples<[expired: boolean, took: bigint]>(client, HELD_THEN, [id, then]);
  const sums = new Map(rows);
  return { active: nano(sums.get(false) ?? 0n), expired: nano(sums.get(true) ?? 0n) };
}
