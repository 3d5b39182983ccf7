/** Whoever changes the books behind the ledger's back is found: one test for each way. */
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { instant } from '../../src/core/time/instant.ts';
import { openLedger } from '../../src/store/ledger/ledger.ts';
import { allServers } from './fresh-database.ts';
import { fundOf, holdOf, LedgerUnderTest, settleOf } from './ledger-on.ts';

interface Tampering {
  readonly what: string;
  readonly sql: string;
  readonly finding: RegExp;
  readonly auditOk: boolean;
}

const tamperings: readonly Tampering[] = [
  {
    what: 'an entry is removed',
    sql: `DELETE FROM entry WHERE cause = 'settle'`,
    finding: /no entry of their account/,
    auditOk: false,
  },
  {
    what: 'an entry’s transfers are removed',
    sql: `DELETE FROM transfer USING entry e WHERE e.id = entry_id AND e.cause = 'settle'`,
    finding: /without a transfer/,
    auditOk: false,
  },
  {
    what: 'an amount is changed',
    sql: `UPDATE transfer SET amount = amount - 1 WHERE credit LIKE 'charges/%'`,
    finding: /balance after/,
    auditOk: false,
  },
  {
    what: 'an amount and its balance are changed',
    sql: `UPDATE transfer SET amount = amount - 1, balance_after = balance_after + 1 WHERE credit LIKE 'charges/%'`,
    finding: /differs from the sum/,
    auditOk: false,
  },
  {
    what: 'a version is left out',
    sql: `UPDATE transfer SET version = version + 1 WHERE credit LIKE 'charges/%'`,
    finding: /not gapless/,
    auditOk: false,
  },
  {
    what: 'an entry is put in another book',
    sql: `UPDATE entry SET book = 'test' WHERE cause = 'fund'`,
    finding: /no entry of their account’s book/,
    auditOk: false,
  },
  {
    what: 'a tranche is made richer',
    sql: `UPDATE tranche SET posted = posted + 5`,
    finding: /differs from the sum/,
    auditOk: false,
  },
  {
    what: 'what a tranche loses at its expiry is changed',
    sql: `UPDATE transfer SET amount = amount + 1 WHERE credit = 'breakage'`,
    finding: /booked-ahead expiry/,
    auditOk: true,
  },
  {
    what: 'an expiry is put off',
    sql: `UPDATE transfer SET at = at + 1 WHERE version IS NULL AND tranche_id IS NOT NULL`,
    finding: /booked for another time/,
    auditOk: true,
  },
  {
    what: 'a charge is put in another name',
    sql: `UPDATE transfer SET account_id = account_id + 1 WHERE credit LIKE 'charges/%' AND debit = 'tranche'`,
    finding: /another account’s name/,
    auditOk: false,
  },
  {
    what: 'an overdraft is held for nobody',
    sql: `UPDATE account SET overdraft_held = 5`,
    finding: /held overdraft/,
    auditOk: true,
  },
  {
    what: 'a held amount is forgotten',
    sql: `UPDATE tranche SET held = 0`,
    finding: /open holds took/,
    auditOk: true,
  },
  {
    what: 'a hold’s slices are changed',
    sql: `UPDATE hold SET slice_took = '{1}' WHERE state = 'settled'`,
    finding: /slices are not its amount/,
    auditOk: true,
  },
  {
    what: 'a charge is made cheaper',
    sql: `UPDATE hold SET charged = charged - 1, slice_charged[1] = slice_charged[1] - 1 WHERE state = 'settled'`,
    finding: /not what its entries booked/,
    auditOk: true,
  },
  {
    what: 'an overrun is forgiven',
    sql: `UPDATE account SET owed = 0`,
    finding: /overrun is not/,
    auditOk: true,
  },
];

// The npm binary run as a server is the PostgreSQL of the embedded one.
const servers = allServers().filter(({ name }) => name !== 'server 18');

describe.each(servers)('verify on $name', (server) => {
  it.each(tamperings)('finds that $what', async ({ sql, finding, auditOk }) => {
    const on = await LedgerUnderTest.on(server);
    const account = await on.openAccount();
    await on.commit(fundOf(account, 100, { until: instant(4_000_000_000_000) }));
    const [settled, open] = [holdOf(account, 40), holdOf(account, 10)];
    for (const operation of [settled, open, settleOf(settled.id, 95)]) await on.commit(operation);
    expect(await on.ledger.verify()).toMatchObject({ ok: true, auditOk: true, openHolds: 1, findings: [] });
    for (const table of ['entry', 'transfer']) {
      await on.database.pool.query(`ALTER TABLE ${table} DISABLE TRIGGER append_only`);
    }
    await on.database.pool.query(sql);
    const verdict = await on.ledger.verify();
    expect(verdict.findings.join('\n')).toMatch(finding);
    expect([verdict.ok, verdict.auditOk]).toEqual([false, auditOk]);
    await on.close();
  });

  it('takes as long as it takes, whatever other reads are given', async () => {
    const on = await LedgerUnderTest.on(server);
    await on.account(10);
    const limits = { query_timeout: 200, statement_timeout: 200 };
    const hurried = new pg.Pool({ ...on.database.pool.options, ...limits });
    const ledger = openLedger(hurried);
    const inTheWay = await on.database.pool.connect();
    await inTheWay.query('BEGIN');
    await inTheWay.query('LOCK TABLE transfer');
    const verdict = ledger.verify();
    await Promise.all([inTheWay.query('SELECT pg_sleep(0.5)').then(() => inTheWay.query('COMMIT')), verdict]);
    expect(await verdict).toMatchObject({ ok: true, findings: [] });
    inTheWay.release();
    await ledger.close();
    await hurried.end();
    await on.close();
  });

  it('the journal refuses to be changed at all', async () => {
    const on = await LedgerUnderTest.on(server);
    await on.account(10);
    for (const sql of ['DELETE FROM entry', 'UPDATE transfer SET amount = 1', 'TRUNCATE answered']) {
      await expect(on.database.pool.query(sql)).rejects.toThrow(/append-only/);
    }
    await on.close();
  });
});
