/** The cases of ledgers that are about holds, ids and concurrency, on every database, by its own clock. */
import { describe, expect, it } from 'vitest';
import { instant } from '../../src/core/time/instant.ts';
import { IDS } from '../../src/store/ids.ts';
import { allServers } from './fresh-database.ts';
import { amountOf, CALL, fundOf, holdOf, ledgerFor, said, settleOf, trancheOf } from './ledger-on.ts';

describe.each(allServers())('the ledger on $name', (server) => {
  const on = ledgerFor(server);

  /** Sweeps until none of the holds is open any more; the database's clock says when. */
  const sweep = async (ids: readonly string[]): Promise<void> => {
    for (;;) {
      const due = await on().ledger.overdueHolds(1_000);
      await Promise.all(due.map((id) => on().commit({ kind: 'expire', id })));
      const states = await Promise.all(ids.map((id) => on().ledger.hold(id)));
      if (states.every((hold) => hold?.state !== 'held')) return;
    }
  };

  it('takes a dollar through its life', async () => {
    const account = await on().account(100);
    const hold = holdOf(account, 40);
    expect(await on().commit(hold)).toMatchObject({ ok: true, amount: 40n, available: 60n });
    expect(await on().commit(settleOf(hold.id, 25))).toMatchObject({ ok: true, amount: 25n, available: 75n });
    expect(await on().balance(account)).toMatchObject({ granted: 100n, spent: 25n, held: 0n, available: 75n });
    expect(await on().ledger.hold(hold.id)).toMatchObject({ state: 'settled', amount: 40n, charged: 25n });
  });

  it('case 18: hold 15 of 15; settle 13; settle again', async () => {
    const account = await on().account(15);
    const { id } = holdOf(account, 15);
    await on().commit(holdOf(account, 15, { id }));
    const outcomes = [settleOf(id, 13), settleOf(id, 13), settleOf(id, 14), { kind: 'void', id } as const];
    const words: string[] = [];
    for (const operation of outcomes) words.push(said(await on().commit(operation)));
    expect([words, await on().available(account)]).toEqual([['posted', 'as before', 'already', 'already'], 2]);
  });

  it('case 19: holds 10 (no lease) and three with leases that end', async () => {
    const account = await on().account(100);
    const unleased = holdOf(account, 10);
    const leased = [11, 12, 13].map((amount, index) => holdOf(account, amount, { leaseMs: index * 20 }));
    for (const hold of [unleased, ...leased]) await on().commit(hold);
    await sweep(leased.map(({ id }) => id));
    expect(await on().balance(account)).toMatchObject({ held: 10n, available: 90n });
    expect(said(await on().commit({ kind: 'expire', id: unleased.id }))).toBe('already');
  });

  it('case 20: credit 20; atomic group [15, invalid]; then 15 alone', async () => {
    const [pool, person] = [await on().openAccount(), await on().openAccount()];
    const credit = fundOf(pool, 20);
    await on().commit(credit);
    const group = [trancheOf(15), { ...trancheOf(1), id: credit.tranche.id }];
    const grant = { kind: 'grant', id: IDS.fresh(), account: person, grantId: 'g', from: pool } as const;
    expect(said(await on().commit({ ...grant, tranches: group }))).toBe('id_reused');
    expect([await on().available(pool), await on().available(person)]).toEqual([20, 0]);
    expect(said(await on().commit({ ...grant, tranches: group.slice(0, 1) }))).toBe('posted');
    expect([await on().available(pool), await on().available(person)]).toEqual([5, 15]);
  });

  it('case 21: sources 40, 40, 19; exactly 100 wanted', async () => {
    const account = await on().account(40, 40, 19);
    expect(said(await on().commit(holdOf(account, 100)))).toBe('insufficient');
    expect(await on().balance(account)).toMatchObject({ held: 0n, available: 99n });
  });

  it('case 22: an id refused for lack of funds stays refused after a top-up', async () => {
    const account = await on().openAccount();
    const hold = holdOf(account, 50);
    const first = await on().commit(hold);
    await on().commit(fundOf(account, 100));
    expect(await on().commit(hold)).toEqual(first);
    expect(said(first)).toBe('insufficient');
    expect(said(await on().commit(holdOf(account, 50)))).toBe('posted');
  });

  it('case 23: tranches 5 (burns first) + 10; hold 8; settle 5', async () => {
    const account = await on().account(5, 10);
    const hold = holdOf(account, 8);
    await on().commit(hold);
    await on().commit(settleOf(hold.id, 5));
    expect(await on().posted(account)).toEqual([0, 10]);
  });

  it('case 24: 15; hold 8; settle 11', async () => {
    const account = await on().account(15);
    const hold = holdOf(account, 8);
    await on().commit(hold);
    await on().commit(settleOf(hold.id, 11));
    expect(await on().available(account)).toBe(4);
  });

  it('case 25: 15; hold 8 released; hold 8, settled 4, then its lease fires', async () => {
    const account = await on().account(15);
    const [first, second] = [holdOf(account, 8, { leaseMs: 0 }), holdOf(account, 8, { leaseMs: 0 })];
    await on().commit(first);
    await on().commit({ kind: 'void', id: first.id });
    expect(await on().available(account)).toBe(15);
    await on().commit(second);
    await on().commit(settleOf(second.id, 4));
    expect(said(await on().commit({ kind: 'expire', id: second.id }))).toBe('already');
    expect(await on().available(account)).toBe(11);
  });

  it('case 26: hold 8, two settles of 4 at once', async () => {
    const account = await on().account(15);
    const hold = holdOf(account, 8);
    await on().commit(hold);
    const outcomes = await Promise.all([on().commit(settleOf(hold.id, 4)), on().commit(settleOf(hold.id, 4))]);
    expect([outcomes.map(said).sort(), await on().available(account)]).toEqual([['as before', 'posted'], 11]);
  });

  it('case 27: hold 8 of 15, lease expires, then settle 4', async () => {
    const account = await on().account(15);
    const hold = holdOf(account, 8, { leaseMs: 0 });
    await on().commit(hold);
    await sweep([hold.id]);
    expect(await on().available(account)).toBe(15);
    expect(await on().commit(settleOf(hold.id, 4))).toMatchObject({ ok: true, amount: 4n, available: 11n });
    expect(await on().available(account)).toBe(11);
  });

  it('an orphan is charged what its last checkpoint knew, and corrected when the truth comes', async () => {
    const account = await on().account(100);
    const hold = holdOf(account, 40, { leaseMs: 60_000, known: 5 });
    await on().commit(hold);
    await on().commit({ kind: 'checkpoint', id: hold.id, known: amountOf(9), leaseMs: 0 });
    await sweep([hold.id]);
    expect(await on().balance(account)).toMatchObject({ spent: 9n, held: 0n, available: 91n });
    await on().commit(settleOf(hold.id, 7));
    expect(await on().available(account)).toBe(93);
  });

  it('case 28: balance 5; five concurrent uses of 3, overdraft to -4 allowed', async () => {
    const account = await on().openAccount(-4);
    await on().commit(fundOf(account, 5));
    const holds = [1, 2, 3, 4, 5].map(() => holdOf(account, 3));
    const outcomes = await Promise.all(holds.map((hold) => on().commit(hold)));
    expect(outcomes.filter(({ ok }) => ok).length).toBe(3);
    await Promise.all(holds.map(({ id }, index) => (outcomes[index]?.ok ? on().commit(settleOf(id, 3)) : undefined)));
    expect(await on().balance(account)).toMatchObject({ spent: 5n, overrun: 4n, available: 0n, held: 0n });
  });

  it('case 29: 30 then 50 granted; 60 used, with the links from grant to charge', async () => {
    const account = await on().account(30, 50);
    const charge = { kind: 'charge', id: IDS.fresh(), accounts: [account], amount: amountOf(60) } as const;
    const outcome = await on().commit({ ...charge, call: CALL, charge: { outcome: 'unenforced' } });
    expect(outcome).toMatchObject({ ok: true, slices: [{ amount: 30n }, { amount: 30n }] });
    expect(await on().posted(account)).toEqual([0, 20]);
  });

  it('case 30: void 50 of 30', async () => {
    const account = await on().account(100);
    const charge = { kind: 'charge', id: IDS.fresh(), accounts: [account], amount: amountOf(30) } as const;
    const outcome = await on().commit({ ...charge, call: CALL, charge: { outcome: 'unenforced' } });
    const entry = (outcome.ok && outcome.entry) || '';
    const reverse = { kind: 'reverse', id: IDS.fresh(), entry } as const;
    expect(said(await on().commit({ ...reverse, amount: amountOf(50) }))).toBe('beyond');
    expect(said(await on().commit({ ...reverse, amount: amountOf(20) }))).toBe('posted');
    expect(said(await on().commit({ ...reverse, amount: amountOf(20) }))).toBe('as before');
    expect(await on().available(account)).toBe(90);
  });

  it('money comes back into the tranches it came from, and leaves with what has not vested', async () => {
    const [from, to] = [await on().account(100), await on().openAccount()];
    const tranche = trancheOf(30);
    await on().commit({ kind: 'transfer', id: IDS.fresh(), from, to, tranche });
    const later = instant((await on().balance(to)).asOf + 3_600_000);
    const tranches = [trancheOf(10), trancheOf(20), trancheOf(40, { from: later })];
    await on().commit({ kind: 'grant', id: IDS.fresh(), account: to, grantId: 'g', from: 'company', tranches });
    const forfeit = { kind: 'forfeit', id: IDS.fresh(), account: to, grantId: 'g' } as const;
    expect(await on().commit(forfeit)).toMatchObject({ ok: true, amount: 40n, available: 60n });
    expect(await on().balance(to)).toMatchObject({ granted: 70n, forfeited: 40n, transferredIn: 30n, available: 60n });
    expect(await on().balance(from)).toMatchObject({ transferredOut: 30n, available: 70n });
  });

  it('its books are right after all this', async () => {
    expect(await on().ledger.verify()).toMatchObject({ ok: true, auditOk: true, negativeAccounts: 0, findings: [] });
  });
});
