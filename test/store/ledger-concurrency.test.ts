/** Many at once, in one process and in several, on every database: exactly what fits passes, once. */
import { describe, expect, it } from 'vitest';
import { allServers } from './fresh-database.ts';
import { fundOf, holdOf, ledgerFor, said, settleOf } from './ledger-on.ts';

describe.each(allServers())('many at once on $name', (server) => {
  const on = ledgerFor(server);

  it('case 32: 2,000 tries of 1 by 50 clients on 100', async () => {
    const account = await on().account(100);
    const client = async (): Promise<number> => {
      let passed = 0;
      for (let turn = 0; turn < 40; turn += 1) if ((await on().commit(holdOf(account, 1))).ok) passed += 1;
      return passed;
    };
    const passed = await Promise.all(Array.from({ length: 50 }, client));
    expect(passed.reduce((a, b) => a + b, 0)).toBe(100);
    expect(await on().balance(account)).toMatchObject({ held: 100n, available: 0n });
  });

  it('three processes together let through exactly what one budget covers', async () => {
    const account = await on().account(1_000);
    const replicas = [on().replica(), on().replica(), on().replica()];
    const tries = replicas.flatMap(({ ledger }) =>
      Array.from({ length: 400 }, () => ledger.commit(holdOf(account, 3))),
    );
    const outcomes = await Promise.all(tries);
    expect(outcomes.filter(({ ok }) => ok).length).toBe(333);
    expect(await on().balance(account)).toMatchObject({ held: 999n, available: 1n });
    await Promise.all(replicas.map((replica) => replica.close()));
  });

  it('one id fifty times at once, over three processes, has one effect and one answer', async () => {
    const account = await on().account(100);
    const replicas = [on().replica(), on().replica(), on().replica()];
    const [hold, fund] = [holdOf(account, 7), fundOf(account, 11)];
    const fifty = Array.from({ length: 50 }, (_, index) => replicas[index % 3] ?? on());
    for (const operation of [hold, fund]) {
      const outcomes = await Promise.all(fifty.map(({ ledger }) => ledger.commit(operation)));
      const first = outcomes.filter((outcome) => said(outcome) === 'posted');
      expect(first.length).toBe(1);
      for (const outcome of outcomes) expect({ ...outcome, repeated: false }).toEqual(first[0]);
    }
    expect(await on().balance(account)).toMatchObject({ held: 7n, available: 104n });
    await Promise.all(replicas.map((replica) => replica.close()));
  });

  it('one id on different accounts at once is one of them, and the other is told what differs', async () => {
    const accounts = [await on().account(100), await on().account(100)];
    const replicas = [on().replica(), on().replica()];
    for (let round = 0; round < 20; round += 1) {
      const { id } = holdOf('1', 1);
      const outcomes = await Promise.all(
        replicas.map(({ ledger }, index) => ledger.commit(holdOf(accounts[index] ?? '', 1, { id }))),
      );
      expect(outcomes.map(said).sort()).toEqual(['id_reused', 'posted']);
    }
    await Promise.all(replicas.map((replica) => replica.close()));
  });

  it('holds over the same accounts in every order never stand in each other’s way for good', async () => {
    const accounts = await Promise.all(Array.from({ length: 6 }, () => on().account(100_000)));
    const replicas = [on().replica({ batchMost: 5 }), on().replica({ batchMost: 7 })];
    const pick = (index: number): string[] =>
      [0, 1, 2].map((step) => accounts[(index * 5 + step * (index + 1)) % 6] ?? '');
    const work = replicas.flatMap(({ ledger }) =>
      Array.from({ length: 200 }, async (_, index) => {
        const hold = holdOf(pick(index), 2);
        const held = await ledger.commit(hold);
        return [said(held), said(await ledger.commit(settleOf(hold.id, 1)))];
      }),
    );
    expect(new Set((await Promise.all(work)).flat())).toEqual(new Set(['posted']));
    const left = await Promise.all(accounts.map((account) => on().available(account)));
    expect(left.reduce((a, b) => a + b, 0)).toBe(600_000 - 400);
    await Promise.all(replicas.map((replica) => replica.close()));
  });

  it('the books are right after all this', async () => {
    expect(await on().ledger.verify()).toMatchObject({ ok: true, auditOk: true, negativeAccounts: 0, findings: [] });
  });
});
