/**
 * What administrators keep: people, services, pools, promises, keys, credentials, price overrides; and the secrets of
 * the installation itself. Lists are walked by `place`, which only ever grows.
 */
import { type Kysely, sql } from 'kysely';

const TABLES = [
  // One row. `pepper` is null where the operator's configuration brings it; `pepper_check` tells a changed one.
  `CREATE TABLE installation (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    id uuid NOT NULL,
    pepper bytea,
    pepper_check bytea NOT NULL,
    admin_key_hash bytea,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE TABLE pool (
    place bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    id uuid PRIMARY KEY,
    name text NOT NULL,
    description text,
    live_account text NOT NULL,
    test_account text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE UNIQUE INDEX pool_name ON pool (lower(name))`,
  `CREATE TABLE person (
    place bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    id uuid PRIMARY KEY,
    email text NOT NULL,
    name text NOT NULL,
    status text NOT NULL CHECK (status IN ('active', 'suspended')),
    status_since timestamptz NOT NULL DEFAULT now(),
    start_date date NOT NULL,
    external_id text,
    department text,
    team text,
    job_family text,
    level text,
    location text,
    manager_email text,
    base_salary bigint CHECK (base_salary > 0),
    fte double precision CHECK (fte > 0 AND fte <= 1),
    live_account text NOT NULL,
    test_account text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE UNIQUE INDEX person_email ON person (lower(email))`,
  `CREATE UNIQUE INDEX person_external_id ON person (external_id)`,
  `CREATE TABLE service (
    place bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    id uuid PRIMARY KEY,
    name text NOT NULL,
    status text NOT NULL CHECK (status IN ('active', 'suspended')),
    status_since timestamptz NOT NULL DEFAULT now(),
    pool_id uuid NOT NULL REFERENCES pool,
    steward_id uuid NOT NULL REFERENCES person,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE TABLE pool_funding (
    place bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    id uuid PRIMARY KEY,
    pool_id uuid NOT NULL REFERENCES pool,
    state text NOT NULL CHECK (state IN ('pending', 'active')),
    amount bigint NOT NULL CHECK (amount > 0),
    effective_on date NOT NULL,
    effective_at timestamptz NOT NULL,
    expires_on date,
    expires_at timestamptz,
    note text,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE INDEX pool_funding_of_pool ON pool_funding (pool_id, place)`,
  `CREATE INDEX pool_funding_pending ON pool_funding (place) WHERE state = 'pending'`,
  `CREATE TABLE budget_grant (
    place bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person,
    pool_id uuid REFERENCES pool,
    state text NOT NULL CHECK (state IN ('pending', 'active')),
    amount bigint NOT NULL CHECK (amount > 0),
    percent_of_base text,
    base_salary bigint,
    effective_on date NOT NULL,
    effective_at timestamptz NOT NULL,
    expires_on date,
    expires_at timestamptz,
    priority integer NOT NULL,
    rollover_most bigint,
    rollover_least bigint,
    rollover_expires_on date,
    rollover_expires_at timestamptz,
    kind text,
    tax_treatment text,
    note text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((percent_of_base IS NULL) = (base_salary IS NULL)),
    CHECK ((rollover_most IS NULL) = (rollover_least IS NULL))
  )`,
  `CREATE INDEX budget_grant_of_person ON budget_grant (person_id, place)`,
  `CREATE INDEX budget_grant_pending ON budget_grant (place) WHERE state = 'pending'`,
  `CREATE TABLE virtual_key (
    place bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    id uuid PRIMARY KEY,
    name text NOT NULL,
    person_id uuid REFERENCES person,
    service_id uuid REFERENCES service,
    parent_key_id uuid REFERENCES virtual_key,
    funding jsonb NOT NULL,
    models text[],
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz,
    CHECK ((person_id IS NULL) <> (service_id IS NULL))
  )`,
  `CREATE INDEX virtual_key_of_person ON virtual_key (person_id, place)`,
  `CREATE INDEX virtual_key_of_service ON virtual_key (service_id, place)`,
  `CREATE INDEX virtual_key_of_parent ON virtual_key (parent_key_id)`,
  // A key has one secret, and during a rotation some that retire.
  `CREATE TABLE key_secret (
    hash bytea PRIMARY KEY,
    key_id uuid NOT NULL REFERENCES virtual_key,
    created_at timestamptz NOT NULL DEFAULT now(),
    retires_at timestamptz
  )`,
  `CREATE INDEX key_secret_of_key ON key_secret (key_id)`,
  `CREATE TABLE administrator (
    place bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    id uuid PRIMARY KEY,
    name text NOT NULL,
    hash bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
  )`,
  // Requests under an idempotency key. Kept for ever: the same key has one effect and one answer.
  `CREATE TABLE operation (
    id uuid PRIMARY KEY,
    route text NOT NULL,
    body_hash bytea NOT NULL,
    attempt integer NOT NULL,
    lease_until timestamptz NOT NULL,
    sealed_answer bytea,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE TABLE provider_credential (
    provider text PRIMARY KEY,
    base_url text,
    sealed_key bytea NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
  )`,
  // `revision` is given on approval, in its order.
  `CREATE TABLE price_override (
    place bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    id uuid PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('proposed', 'approved', 'withdrawn')),
    revision integer UNIQUE CHECK (revision > 0),
    prices jsonb NOT NULL,
    effective_on date NOT NULL,
    reason text NOT NULL,
    proposed_by text NOT NULL,
    proposed_at timestamptz NOT NULL DEFAULT now(),
    decided_by text,
    decided_at timestamptz,
    CHECK ((state = 'approved') = (revision IS NOT NULL)),
    CHECK (decided_by IS DISTINCT FROM proposed_by OR state <> 'approved')
  )`,
];

async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of TABLES) await sql.raw(statement).execute(db);
}

export const peopleAndKeys = { name: '0002-people-and-keys', up };
