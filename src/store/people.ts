/** People in the database. */
import { type Generated, type Insertable, type Selectable, sql, type Updateable } from 'kysely';
import type {
  People,
  PeopleQuery,
  PersonChange,
  PersonFacts,
  PersonRecord,
  PrincipalStatus,
  Taken,
} from '../app/ports/people.ts';
import type { Paged } from '../app/ports.ts';
import { nano } from '../core/money/amount.ts';
import type { Database } from './database.ts';
import { pageFrom, placeAfter } from './page.ts';
import { accountsOf, at, present, violatedIndex } from './rows.ts';
import { reaching } from './store-away.ts';

interface PersonTable {
  place: Generated<bigint>;
  id: string;
  email: string;
  name: string;
  status: PrincipalStatus;
  status_since: Generated<Date>;
  start_date: string;
  external_id: string | null;
  department: string | null;
  team: string | null;
  job_family: string | null;
  level: string | null;
  location: string | null;
  manager_email: string | null;
  base_salary: bigint | null;
  fte: number | null;
  live_account: string;
  test_account: string;
  created_at: Generated<Date>;
}

/** The people of this database. */
export function openPeople(database: Database): People {
  const db = database.kysely.$extendTables<{ person: PersonTable }>();

  const find = async (id: string): Promise<PersonRecord | undefined> => {
    const row = await db.selectFrom('person').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toPerson(row);
  };

  const list = async (query: PeopleQuery): Promise<Paged<PersonRecord>> => {
    let rows = db
      .selectFrom('person')
      .selectAll()
      .where('place', '>', placeAfter(query))
      .orderBy('place')
      .limit(query.limit + 1);
    if (query.email !== undefined) rows = rows.where(sql`lower(email)`, '=', query.email.toLowerCase());
    if (query.externalId !== undefined) rows = rows.where('external_id', '=', query.externalId);
    return pageFrom(await rows.execute(), query.limit, toPerson);
  };

  const add = async (person: Omit<PersonRecord, 'createdAt'>) => {
    const row = await db
      .insertInto('person')
      .values(toRow(person))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returningAll()
      .executeTakeFirst();
    const kept = row ? toPerson(row) : await find(person.id);
    if (!kept) throw new Error(`person ${person.id} was neither added nor there`);
    return kept;
  };

  const change = (id: string, changes: PersonChange) =>
    db.transaction().execute(async (transaction) => {
      const update = changedColumns(changes);
      if (Object.keys(update).length === 0) return find(id);
      const row = await transaction
        .updateTable('person')
        .set(update)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      if (changes.status !== undefined) {
        await sql`SELECT pg_notify('stipend_keys', id::text) FROM virtual_key WHERE person_id = ${id}`.execute(
          transaction,
        );
      }
      return row && toPerson(row);
    });

  return {
    find: (id) => reaching(() => find(id)),
    list: (query) => reaching(() => list(query)),
    add: (person) => reaching(() => unlessTaken(() => add(person))),
    change: (id, changes) => reaching(() => unlessTaken(() => change(id, changes))),
  };
}

async function unlessTaken<T>(run: () => Promise<T>): Promise<T | Taken<'email' | 'externalId'>> {
  try {
    return await run();
  } catch (error) {
    const index = violatedIndex(error);
    if (index === 'person_email') return { taken: 'email' };
    if (index === 'person_external_id') return { taken: 'externalId' };
    throw error;
  }
}

function toRow(person: Omit<PersonRecord, 'createdAt'>): Insertable<PersonTable> {
  return {
    id: person.id,
    email: person.email,
    name: person.name,
    status: person.status,
    start_date: person.startDate,
    ...factColumns(person),
    live_account: person.accounts.live,
    test_account: person.accounts.test,
  };
}

type FactColumns = Pick<
  Updateable<PersonTable>,
  'external_id' | 'department' | 'team' | 'job_family' | 'level' | 'location' | 'manager_email' | 'base_salary' | 'fte'
>;

/** `undefined` is left out of the statement, `null` is written. */
function factColumns(facts: { readonly [Fact in keyof PersonFacts]?: PersonFacts[Fact] | null | undefined }) {
  const columns: { [Column in keyof FactColumns]: FactColumns[Column] | undefined } = {
    external_id: facts.externalId,
    department: facts.department,
    team: facts.team,
    job_family: facts.jobFamily,
    level: facts.level,
    location: facts.location,
    manager_email: facts.managerEmail,
    base_salary: facts.baseSalary,
    fte: facts.fte,
  };
  return said(columns);
}

function changedColumns(change: PersonChange) {
  return {
    ...said({ email: change.email, name: change.name, start_date: change.startDate }),
    ...(change.status === undefined
      ? {}
      : {
          status: change.status,
          status_since: sql<Date>`CASE WHEN status = ${change.status} THEN status_since ELSE now() END`,
        }),
    ...factColumns(change),
  };
}

type Said<Columns> = { [Column in keyof Columns]?: Exclude<Columns[Column], undefined> };

function said<Columns extends object>(columns: Columns): Said<Columns> {
  const kept: Said<Columns> = {};
  for (const name of Object.keys(columns) as (keyof Columns)[]) {
    const value = columns[name];
    if (value !== undefined) kept[name] = value as Exclude<Columns[typeof name], undefined>;
  }
  return kept;
}

function toPerson(row: Selectable<PersonTable>): PersonRecord {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    status: row.status,
    startDate: row.start_date,
    ...present({
      externalId: row.external_id,
      department: row.department,
      team: row.team,
      jobFamily: row.job_family,
      level: row.level,
      location: row.location,
      managerEmail: row.manager_email,
      baseSalary: row.base_salary === null ? null : nano(row.base_salary),
      fte: row.fte,
    }),
    accounts: accountsOf(row),
    createdAt: at(row.created_at),
  };
}
