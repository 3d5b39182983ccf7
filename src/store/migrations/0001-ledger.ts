/**
 * The ledger. Instants are whole milliseconds since the epoch, amounts whole nano-dollars. Ids that the application
 * makes are UUIDs; accounts are numbered, because they are the order of locking and stand in every transfer.
 *
 * There are no foreign keys here: each would cost a look-up on every hold and settle. `verify` checks what they would.
 */
import { type Kysely, sql } from 'kysely';
import type { Migration } from './migration.ts';

const STATEMENTS = [
  `CREATE TABLE account (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_kind text NOT NULL CHECK (owner_kind IN ('person', 'service', 'pool')),
    owner_id text NOT NULL,
    book text NOT NULL CHECK (book IN ('live', 'test')),
    overrun_policy text NOT NULL CHECK (overrun_policy IN ('absorb', 'repay')),
    floor bigint NOT NULL CHECK (floor <= 0),
    owed numeric(38) NOT NULL DEFAULT 0,
    overdraft_held numeric(38) NOT NULL DEFAULT 0 CHECK (overdraft_held >= 0),
    UNIQUE (owner_kind, owner_id, book)
  ) WITH (fillfactor = 50)`,

  // Room on each page, and no index on what changes: an update stays on its page and touches no index.
  `CREATE TABLE tranche (
    id uuid PRIMARY KEY,
    account_id bigint NOT NULL,
    grant_id text,
    priority integer NOT NULL,
    effective_at bigint NOT NULL,
    expires_at bigint,
    created_at bigint NOT NULL,
    rollover_most bigint,
    rollover_least bigint,
    rollover_expires_at bigint,
    stage text NOT NULL CHECK (stage IN ('ahead', 'open', 'closed')),
    posted bigint NOT NULL,
    held bigint NOT NULL CHECK (held >= 0),
    version bigint NOT NULL,
    CHECK (posted >= held)
  ) WITH (fillfactor = 50)`,
  `CREATE INDEX tranche_account ON tranche (account_id)`,
  `CREATE INDEX tranche_not_closed ON tranche (account_id) WHERE stage <> 'closed'`,

  // A call's money from its hold to its end, and the record of the call. The slices are parallel arrays in burn order.
  `CREATE TABLE hold (
    id uuid PRIMARY KEY,
    book text NOT NULL CHECK (book IN ('live', 'test')),
    state text NOT NULL CHECK (state IN ('held', 'settled', 'voided', 'expired', 'refused')),
    accounts bigint[] NOT NULL,
    asked bigint NOT NULL,
    least bigint NOT NULL,
    lease_ms bigint,
    known bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 0),
    slice_accounts bigint[] NOT NULL,
    slice_tranches uuid[] NOT NULL,
    slice_took bigint[] NOT NULL,
    slice_charged bigint[] NOT NULL,
    overdraft bigint NOT NULL CHECK (overdraft >= 0),
    charged bigint NOT NULL CHECK (charged >= 0),
    overrun bigint NOT NULL CHECK (overrun >= 0),
    reversed bigint NOT NULL CHECK (reversed BETWEEN 0 AND charged),
    created_at bigint NOT NULL,
    lease_until bigint,
    ended_at bigint,
    settled_late_at bigint,
    available_then numeric(38) NOT NULL,
    available_at_end numeric(38),
    renews_at bigint,
    entry_id uuid,
    principal_id text NOT NULL,
    call jsonb NOT NULL,
    charge jsonb
  ) WITH (fillfactor = 70)`,
  `CREATE INDEX hold_due ON hold (lease_until) WHERE state = 'held'`,
  `CREATE INDEX hold_charged ON hold (ended_at, id) WHERE state IN ('settled', 'expired')`,
  `CREATE INDEX hold_charged_to ON hold (principal_id, ended_at, id) WHERE state IN ('settled', 'expired')`,
  // Rows lie in the order of time, so that who asks what was held at an instant reads only the blocks around it.
  `CREATE INDEX hold_time ON hold USING brin (created_at, ended_at) WITH (pages_per_range = 16)`,

  `CREATE TABLE entry (
    id uuid PRIMARY KEY,
    at bigint NOT NULL,
    cause text NOT NULL,
    book text NOT NULL CHECK (book IN ('live', 'test')),
    operation_id uuid NOT NULL,
    hold_id uuid
  )`,
  `CREATE TABLE transfer (
    entry_id uuid NOT NULL,
    ordinal smallint NOT NULL,
    account_id bigint NOT NULL,
    debit text COLLATE "C" NOT NULL,
    credit text COLLATE "C" NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    at bigint NOT NULL,
    tranche_id uuid,
    version bigint,
    balance_after bigint,
    PRIMARY KEY (entry_id, ordinal)
  )`,
  `CREATE INDEX transfer_account ON transfer (account_id, at)`,

  // First answers of what is no hold; holds remember their own.
  `CREATE TABLE answered (
    id uuid PRIMARY KEY,
    asked jsonb NOT NULL,
    outcome jsonb NOT NULL
  )`,

  `CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$`,
  ...['entry', 'transfer', 'answered'].map(
    (table) => `CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
  ),
];

async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

export const ledger: Migration = { name: '0001-ledger', up };
