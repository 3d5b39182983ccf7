/** Writes what a batch decided: a row for each thing, in as few statements as there are kinds of change. */
import type { ClientBase } from 'pg';
import type { Account, Answered, Entry, Hold, LedgerWrites, Tranche } from '../../core/ledger/state.ts';
import { json, plain, quoted, storable } from './columns.ts';

/**
 * What nearly every batch does, in one statement: tranches moved, holds taken, holds ended, and the journal. The rows are
 * locked by their accounts and carry their new values, so nothing is computed here.
 */
const CHANGE = `WITH moved AS (
    UPDATE tranche t SET posted = n.posted, held = n.held, version = n.version, stage = n.stage
    FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[]) n (id, posted, held, version, stage)
    WHERE t.id = n.id
  ), taken AS (
    INSERT INTO hold (id, book, state, accounts, asked, least, lease_ms, known, amount, slice_accounts, slice_tranches,
      slice_took, slice_charged, overdraft, charged, overrun, reversed, created_at, lease_until, ended_at,
      settled_late_at, available_then, available_at_end, renews_at, entry_id, principal_id, call, charge)
    SELECT id, book, state, accounts::bigint[], asked, least, lease_ms, known, amount, slice_accounts::bigint[],
      slice_tranches::uuid[], slice_took::bigint[], slice_charged::bigint[], overdraft, charged, overrun, reversed,
      created_at, lease_until, ended_at, settled_late_at, available_then, available_at_end, renews_at, entry_id,
      principal_id, call, charge
    FROM unnest($6::uuid[], $7::text[], $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[],
      $13::bigint[], $14::bigint[], $15::text[], $16::text[], $17::text[], $18::text[], $19::bigint[], $20::bigint[],
      $21::bigint[], $22::bigint[], $23::bigint[], $24::bigint[], $25::bigint[], $26::bigint[], $27::numeric[],
      $28::numeric[], $29::bigint[], $30::uuid[], $31::text[], $32::jsonb[], $33::jsonb[])
      n (id, book, state, accounts, asked, least, lease_ms, known, amount, slice_accounts, slice_tranches, slice_took,
      slice_charged, overdraft, charged, overrun, reversed, created_at, lease_until, ended_at, settled_late_at,
      available_then, available_at_end, renews_at, entry_id, principal_id, call, charge)
  ), ended AS (
    UPDATE hold h SET state = n.state, known = n.known, slice_accounts = n.slice_accounts::bigint[],
      slice_tranches = n.slice_tranches::uuid[], slice_took = n.slice_took::bigint[],
      slice_charged = n.slice_charged::bigint[], charged = n.charged, overrun = n.overrun, reversed = n.reversed,
      lease_until = n.lease_until, ended_at = n.ended_at, settled_late_at = n.settled_late_at,
      available_at_end = n.available_at_end, entry_id = n.entry_id, charge = n.charge
    FROM unnest($34::uuid[], $35::text[], $36::bigint[], $37::text[], $38::text[], $39::text[], $40::text[],
      $41::bigint[], $42::bigint[], $43::bigint[], $44::bigint[], $45::bigint[], $46::bigint[], $47::numeric[],
      $48::uuid[], $49::jsonb[])
      n (id, state, known, slice_accounts, slice_tranches, slice_took, slice_charged, charged, overrun, reversed,
      lease_until, ended_at, settled_late_at, available_at_end, entry_id, charge)
    WHERE h.id = n.id
  ), entered AS (
    INSERT INTO entry (id, at, cause, book, operation_id, hold_id)
    SELECT * FROM unnest($50::uuid[], $51::bigint[], $52::text[], $53::text[], $54::uuid[], $55::uuid[])
  )
  INSERT INTO transfer (entry_id, ordinal, account_id, debit, credit, amount, at, tranche_id, version, balance_after)
  SELECT * FROM unnest($56::uuid[], $57::smallint[], $58::bigint[], $59::text[], $60::text[], $61::bigint[],
    $62::bigint[], $63::uuid[], $64::bigint[], $65::bigint[])`;

const ADD_TRANCHES = `INSERT INTO tranche (id, account_id, grant_id, priority, effective_at, expires_at, created_at,
    rollover_most, rollover_least, rollover_expires_at, stage, posted, held, version)
  SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::integer[], $5::bigint[], $6::bigint[], $7::bigint[],
    $8::bigint[], $9::bigint[], $10::bigint[], $11::text[], $12::bigint[], $13::bigint[], $14::bigint[])`;

const CHANGE_ACCOUNTS = `UPDATE account a SET owed = n.owed, overdraft_held = n.overdraft_held
  FROM unnest($1::bigint[], $2::numeric[], $3::numeric[]) n (id, owed, overdraft_held) WHERE a.id = n.id`;

const KEEP_ANSWERS = `INSERT INTO answered (id, asked, outcome) SELECT * FROM unnest($1::uuid[], $2::jsonb[], $3::jsonb[])`;

/** Sends the writes and the end of the transaction, in one round trip; a statement that fails makes it a rollback. */
export async function applyAndCommit(client: ClientBase, writes: LedgerWrites): Promise<void> {
  const { tranches, holds, entries, accounts, answered } = writes;
  const sent: Promise<unknown>[] = [];
  const send = (name: string, text: string, values: readonly string[]): void => {
    sent.push(client.query({ name, text, values: [...values] }));
  };
  if (tranches.fresh.length > 0) send('ledger_add_tranches', ADD_TRANCHES, trancheColumns(tranches.fresh));
  if (tranches.changed.length + holds.fresh.length + holds.changed.length + entries.length > 0) {
    send('ledger_change', CHANGE, [
      ...movedColumns(tranches.changed),
      ...takenColumns(holds.fresh),
      ...endedColumns(holds.changed),
      ...entryColumns(entries),
      ...transferColumns(entries),
    ]);
  }
  if (accounts.length > 0) send('ledger_change_accounts', CHANGE_ACCOUNTS, accountColumns(accounts));
  if (answered.length > 0) send('ledger_keep_answers', KEEP_ANSWERS, answerColumns(answered));
  sent.push(client.query('COMMIT'));
  await Promise.all(sent);
}

function movedColumns(rows: readonly Tranche[]): string[] {
  return [
    plain(rows.map(({ id }) => id)),
    plain(rows.map(({ posted }) => posted)),
    plain(rows.map(({ held }) => held)),
    plain(rows.map(({ version }) => version)),
    plain(rows.map(({ stage }) => stage)),
  ];
}

function takenColumns(rows: readonly Hold[]): string[] {
  return [
    plain(rows.map(({ id }) => id)),
    plain(rows.map(({ book }) => book)),
    plain(rows.map(({ state }) => state)),
    quoted(rows.map(({ accounts }) => plain(accounts))),
    plain(rows.map(({ asked }) => asked)),
    plain(rows.map(({ least }) => least)),
    plain(rows.map(({ leaseMs }) => leaseMs)),
    plain(rows.map(({ known }) => known)),
    plain(rows.map(({ amount }) => amount)),
    ...sliceColumns(rows),
    plain(rows.map(({ overdraft }) => overdraft)),
    plain(rows.map(({ charged }) => charged)),
    plain(rows.map(({ overrun }) => overrun)),
    plain(rows.map(({ reversed }) => reversed)),
    plain(rows.map(({ createdAt }) => createdAt)),
    plain(rows.map(({ leaseUntil }) => leaseUntil)),
    plain(rows.map(({ endedAt }) => endedAt)),
    plain(rows.map(({ settledLateAt }) => settledLateAt)),
    plain(rows.map(({ availableThen }) => availableThen)),
    plain(rows.map(({ availableAtEnd }) => availableAtEnd)),
    plain(rows.map(({ renewsAt }) => renewsAt)),
    plain(rows.map(({ entry }) => entry)),
    quoted(rows.map(({ call }) => storable(call.principalId))),
    quoted(rows.map(({ call }) => json(call))),
    quoted(rows.map(({ charge }) => charge && json(charge))),
  ];
}

function endedColumns(rows: readonly Hold[]): string[] {
  return [
    plain(rows.map(({ id }) => id)),
    plain(rows.map(({ state }) => state)),
    plain(rows.map(({ known }) => known)),
    ...sliceColumns(rows),
    plain(rows.map(({ charged }) => charged)),
    plain(rows.map(({ overrun }) => overrun)),
    plain(rows.map(({ reversed }) => reversed)),
    plain(rows.map(({ leaseUntil }) => leaseUntil)),
    plain(rows.map(({ endedAt }) => endedAt)),
    plain(rows.map(({ settledLateAt }) => settledLateAt)),
    plain(rows.map(({ availableAtEnd }) => availableAtEnd)),
    plain(rows.map(({ entry }) => entry)),
    quoted(rows.map(({ charge }) => charge && json(charge))),
  ];
}

/** A hold's slices as the texts of four arrays. */
function sliceColumns(rows: readonly Hold[]): string[] {
  return [
    quoted(rows.map(({ slices }) => plain(slices.map(({ account }) => account)))),
    quoted(rows.map(({ slices }) => plain(slices.map(({ tranche }) => tranche)))),
    quoted(rows.map(({ slices }) => plain(slices.map(({ took }) => took)))),
    quoted(rows.map(({ slices }) => plain(slices.map(({ charged }) => charged)))),
  ];
}

function entryColumns(rows: readonly Entry[]): string[] {
  return [
    plain(rows.map(({ id }) => id)),
    plain(rows.map(({ at }) => at)),
    plain(rows.map(({ cause }) => cause)),
    plain(rows.map(({ book }) => book)),
    plain(rows.map(({ operationId }) => operationId)),
    plain(rows.map(({ hold }) => hold)),
  ];
}

function transferColumns(entries: readonly Entry[]): string[] {
  const rows = entries.flatMap(({ id, transfers }) =>
    transfers.map((transfer, ordinal) => ({ ...transfer, entry: id, ordinal })),
  );
  return [
    plain(rows.map(({ entry }) => entry)),
    plain(rows.map(({ ordinal }) => ordinal)),
    plain(rows.map(({ account }) => account)),
    quoted(rows.map(({ debit }) => storable(debit))),
    quoted(rows.map(({ credit }) => storable(credit))),
    plain(rows.map(({ amount }) => amount)),
    plain(rows.map(({ at }) => at)),
    plain(rows.map(({ tranche }) => tranche)),
    plain(rows.map(({ version }) => version)),
    plain(rows.map(({ balanceAfter }) => balanceAfter)),
  ];
}

function trancheColumns(rows: readonly Tranche[]): string[] {
  return [
    plain(rows.map(({ id }) => id)),
    plain(rows.map(({ account }) => account)),
    quoted(rows.map(({ grantId }) => grantId && storable(grantId))),
    plain(rows.map(({ priority }) => priority)),
    plain(rows.map(({ effectiveAt }) => effectiveAt)),
    plain(rows.map(({ expiresAt }) => expiresAt)),
    plain(rows.map(({ createdAt }) => createdAt)),
    plain(rows.map(({ rollover }) => rollover?.most)),
    plain(rows.map(({ rollover }) => rollover?.least)),
    plain(rows.map(({ rollover }) => rollover?.expiresAt)),
    plain(rows.map(({ stage }) => stage)),
    plain(rows.map(({ posted }) => posted)),
    plain(rows.map(({ held }) => held)),
    plain(rows.map(({ version }) => version)),
  ];
}

function accountColumns(rows: readonly Account[]): string[] {
  return [
    plain(rows.map(({ id }) => id)),
    plain(rows.map(({ owed }) => owed)),
    plain(rows.map(({ overdraftHeld }) => overdraftHeld)),
  ];
}

function answerColumns(rows: readonly Answered[]): string[] {
  return [
    plain(rows.map(({ id }) => id)),
    quoted(rows.map(({ asked }) => json(asked))),
    quoted(rows.map(({ outcome }) => json(outcome))),
  ];
}
