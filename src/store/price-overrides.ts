/** The operator's changes of the price sheets in the database. */
import { type Generated, type Selectable, sql } from 'kysely';
import type { OverrideRecord, PriceOverrides } from '../app/ports/price-overrides.ts';
import type { ModelPrices } from '../core/pricing/sheet.ts';
import type { Database } from './database.ts';
import { pageFrom, placeAfter } from './page.ts';
import { at, present } from './rows.ts';
import { reaching } from './store-away.ts';

interface OverrideTable {
  place: Generated<bigint>;
  id: string;
  state: OverrideRecord['state'];
  revision: number | null;
  prices: ModelPrices;
  effective_on: string;
  reason: string;
  proposed_by: string;
  proposed_at: Generated<Date>;
  decided_by: string | null;
  decided_at: Date | null;
}

/** The price overrides of this database; an approval is told on `stipend_prices`. */
export function openPriceOverrides(database: Database): PriceOverrides {
  const db = database.kysely.$extendTables<{ price_override: OverrideTable }>();

  const find: PriceOverrides['find'] = async (id) => {
    const row = await db.selectFrom('price_override').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toOverride(row);
  };

  const list: PriceOverrides['list'] = async (page) => {
    const rows = await db
      .selectFrom('price_override')
      .selectAll()
      .where('place', '>', placeAfter(page))
      .orderBy('place')
      .limit(page.limit + 1)
      .execute();
    return pageFrom(rows, page.limit, toOverride);
  };

  const propose: PriceOverrides['propose'] = async ({ id, prices, effectiveOn, reason, proposedBy }) => {
    const row = await db
      .insertInto('price_override')
      .values({
        id,
        state: 'proposed',
        revision: null,
        prices: sql<ModelPrices>`${JSON.stringify(prices)}::jsonb`,
        effective_on: effectiveOn,
        reason,
        proposed_by: proposedBy,
        decided_by: null,
        decided_at: null,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returningAll()
      .executeTakeFirst();
    const kept = row ? toOverride(row) : await find(id);
    if (!kept) throw new Error(`override ${id} was neither proposed nor there`);
    return kept;
  };

  const decide: PriceOverrides['decide'] = (id, state, by) =>
    db.transaction().execute(async (transaction) => {
      // Revisions are given one at a time, so that they count without a gap in the order of approval.
      await sql`LOCK TABLE price_override IN SHARE ROW EXCLUSIVE MODE`.execute(transaction);
      const next = sql<number>`(SELECT COALESCE(max(revision), 0) + 1 FROM price_override)`;
      const row = await transaction
        .updateTable('price_override')
        .set({
          state,
          revision: state === 'approved' ? next : null,
          decided_by: by,
          decided_at: sql<Date>`now()`,
        })
        .where('id', '=', id)
        .where('state', '=', 'proposed')
        .returningAll()
        .executeTakeFirst();
      if (state === 'approved') await sql`SELECT pg_notify('stipend_prices', '')`.execute(transaction);
      return row && toOverride(row);
    });

  const approved: PriceOverrides['approved'] = async () => {
    const rows = await db
      .selectFrom('price_override')
      .selectAll()
      .where('state', '=', 'approved')
      .orderBy('revision')
      .execute();
    return rows.map(({ revision, effective_on, decided_by, reason, prices }) => ({
      revision: revision ?? 0,
      effectiveOn: effective_on,
      approvedBy: decided_by ?? '',
      reason,
      change: { kind: 'set', prices },
    }));
  };

  return {
    find: (id) => reaching(() => find(id)),
    list: (page) => reaching(() => list(page)),
    propose: (override) => reaching(() => propose(override)),
    decide: (id, state, by) => reaching(() => decide(id, state, by)),
    approved: () => reaching(approved),
  };
}

function toOverride(row: Selectable<OverrideTable>): OverrideRecord {
  return {
    id: row.id,
    state: row.state,
    prices: row.prices,
    effectiveOn: row.effective_on,
    reason: row.reason,
    proposedBy: row.proposed_by,
    proposedAt: at(row.proposed_at),
    ...present({ revision: row.revision, decidedBy: row.decided_by, decidedAt: at(row.decided_at) }),
  };
}
