/** What can be read of the ledger, on every database. */
import { describe, expect, it } from 'vitest';
import type { CallFacts, ChargeFacts } from '../../src/core/ledger/operations.ts';
import { NO_USAGE } from '../../src/core/pricing/usage.ts';
import { type Instant, instant } from '../../src/core/time/instant.ts';
import { IDS } from '../../src/store/ids.ts';
import { allServers } from './fresh-database.ts';
import { amountOf, CALL, fundOf, holdOf, ledgerFor, settleOf, trancheOf } from './ledger-on.ts';

describe.each(allServers())('what is read on $name', (server) => {
  const on = ledgerFor(server);

  /** The database's clock. */
  const now = async (): Promise<Instant> => (await on().balance(await on().openAccount())).asOf;

  /** Waits until the database's clock has passed an instant. */
  const until = async (then: Instant): Promise<void> => {
    while ((await now()) <= then) await on().database.pool.query('SELECT pg_sleep(0.002)');
  };

  it('a balance of then is the same whenever it is asked, what was held then included', async () => {
    const account = await on().account(100);
    const hold = holdOf(account, 40);
    const held = await on().commit(hold);
    const seen = await on().balance(account, held.at);
    await until(held.at);
    await on().commit(settleOf(hold.id, 25));
    expect(await on().balance(account, held.at)).toEqual(seen);
    expect(seen).toMatchObject({ held: 40n, available: 60n, spent: 0n });
    expect(await on().balance(account, instant(0))).toMatchObject({ granted: 0n, available: 0n });
  });

  it('a balance of the future tells what vests and expires by then', async () => {
    const account = await on().openAccount();
    const from = await now();
    const [tomorrow, nextWeek] = [instant(from + 86_400_000), instant(from + 7 * 86_400_000)];
    const rollover = { most: amountOf(50), least: amountOf(0) };
    const tranches = [trancheOf(100), { ...trancheOf(80, { from: tomorrow, until: nextWeek }), rollover }];
    await on().commit({ kind: 'grant', id: IDS.fresh(), account, grantId: 'g', from: 'company', tranches });
    expect(await on().balance(account)).toMatchObject({ granted: 180n, unvested: 80n, vested: 100n, available: 100n });
    expect(await on().balance(account, tomorrow)).toMatchObject({ unvested: 0n, vested: 180n, available: 180n });
    expect(await on().balance(account, nextWeek)).toMatchObject({ vested: 180n, expired: 30n, available: 150n });
  });

  it('what rolled over is the same before and after somebody touched it', async () => {
    const account = await on().openAccount();
    const end = instant((await now()) + 30);
    const rollover = { most: amountOf(50), least: amountOf(0) };
    await on().commit({
      kind: 'fund',
      id: IDS.fresh(),
      account,
      tranche: { ...trancheOf(80, { until: end }), rollover },
    });
    await until(end);
    const untouched = await on().balance(account, end);
    expect(untouched).toMatchObject({ available: 50n, expired: 30n });
    await Promise.all([1, 2, 3].map(() => on().commit(holdOf(account, 10))));
    expect(await on().balance(account, end)).toEqual(untouched);
    expect(await on().balance(account)).toMatchObject({ held: 30n, available: 20n });
  });

  it('an account that is not there has no balance', async () => {
    for (const id of ['999999999', 'x', '', '-1', '99999999999999999999']) {
      await expect(on().ledger.balance(id)).rejects.toMatchObject({ refusal: { code: 'not_found' } });
    }
  });

  it('opening accounts again gives the same ones', async () => {
    const owner = { kind: 'pool', id: IDS.fresh() } as const;
    const opened = await Promise.all([1, 2, 3].map(() => on().ledger.openAccounts(owner, 'absorb')));
    expect(new Set(opened.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(opened[0]?.live).not.toBe(opened[0]?.test);
  });

  describe('usage', () => {
    const use = async (account: string, principalId: string, amount: number, charge: Partial<ChargeFacts> = {}) => {
      const call: CallFacts = {
        ...CALL,
        principalId,
        requestId: `of ${amount}`,
        keyId: 'k',
        tags: { team: 'a "b" \\c' },
      };
      const outcome = await on().commit({
        kind: 'charge',
        id: IDS.fresh(),
        accounts: [account],
        amount: amountOf(amount),
        call,
        charge: { outcome: 'completed', usage: { ...NO_USAGE, input: amount, output: 1 }, ...charge },
      });
      await until(outcome.at);
      return outcome;
    };

    it('is listed by who used it, the newest charge first, a page at a time', async () => {
      const [account, principalId] = [await on().account(1_000), IDS.fresh()];
      const charged: Instant[] = [];
      for (const amount of [1, 2, 3, 4, 5]) charged.push((await use(account, principalId, amount)).at);
      await use(account, IDS.fresh(), 6);
      const costs: number[] = [];
      let after: string | undefined;
      do {
        const page = await on().ledger.list({ principalId, limit: 2, ...(after === undefined ? {} : { after }) });
        costs.push(...page.items.map(({ cost }) => Number(cost)));
        after = page.next;
      } while (after !== undefined);
      expect(costs).toEqual([5, 4, 3, 2, 1]);
      const [from = instant(0), to = instant(0)] = [charged[1], charged[3]];
      const some = await on().ledger.list({ principalId, from, to, limit: 10 });
      expect(some.items.map(({ cost }) => Number(cost))).toEqual([3, 2]);
    });

    it('tells everything that was said of the call, and nothing of calls that were not charged', async () => {
      const [account, principalId] = [await on().account(1_000), IDS.fresh()];
      const { at } = await use(account, principalId, 7, { model: 'm-2026-01-01', toolUses: { webSearch: 2 } });
      const voided = { ...holdOf(account, 5), call: { ...CALL, principalId } };
      await on().commit(voided);
      await on().commit({ kind: 'void', id: voided.id });
      const { items } = await on().ledger.list({ principalId, limit: 10 });
      expect(items).toEqual([
        {
          requestId: 'of 7',
          at,
          book: 'live',
          provider: 'sandbox',
          model: 'm-2026-01-01',
          usage: { ...NO_USAGE, input: 7, output: 1 },
          toolUses: { webSearch: 2 },
          cost: 7n,
          outcome: 'completed',
          principalId,
          keyId: 'k',
          tags: { team: 'a "b" \\c' },
        },
      ]);
    });

    it('tells what of a charge was given back', async () => {
      const [account, principalId] = [await on().account(1_000), IDS.fresh()];
      const outcome = await use(account, principalId, 7);
      const entry = (outcome.ok && outcome.entry) || '';
      await on().commit({ kind: 'reverse', id: IDS.fresh(), entry, amount: amountOf(3) });
      const { items } = await on().ledger.list({ principalId, limit: 10 });
      expect(items).toMatchObject([{ cost: 7n, reversed: 3n }]);
    });

    it.each(['x', '1', '1-2', `${'9'.repeat(40)}-${IDS.fresh()}`, "1' OR '1'='1"])(
      'refuses the cursor %j',
      async (after) => {
        await expect(on().ledger.list({ limit: 1, after })).rejects.toMatchObject({
          refusal: { code: 'unprocessable' },
        });
      },
    );

    it('keeps texts that no database can, with what it cannot replaced', async () => {
      const [account, principalId] = [await on().account(10), `p\0\uD800"'{},\\u0000`];
      const tags = { nul: 'a\0b', lone: '\uDC00', escaped: '\\u0000 \\', quoted: `{"a","b"}`, null: 'NULL' };
      const call = { ...CALL, principalId, model: 'm\0', tags };
      const charge = { outcome: 'completed' } as const;
      await on().commit({ kind: 'charge', id: IDS.fresh(), accounts: [account], amount: amountOf(1), call, charge });
      const kept = `p\uFFFD\uFFFD"'{},\\u0000`;
      const { items } = await on().ledger.list({ principalId: kept, limit: 10 });
      expect(items).toMatchObject([{ tags: { ...tags, nul: 'a\uFFFDb', lone: '\uFFFD' }, cost: 1n }]);
    });
  });

  it('entries are walked the newest first, each with its transfers by full name', async () => {
    const account = await on().openAccount();
    const fund = fundOf(account, 9);
    await on().commit(fund);
    const all = [];
    let after: string | undefined;
    do {
      const page = await on().ledger.entries({ limit: 7, ...(after === undefined ? {} : { after }) });
      all.push(...page.items);
      after = page.next;
    } while (after !== undefined);
    const { entries } = await on().ledger.verify();
    expect([new Set(all.map(({ id }) => id)).size, all.length]).toEqual([entries, entries]);
    expect(all.map(({ id }) => id)).toEqual(
      all
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
    expect(all.find(({ operationId }) => operationId === fund.id)).toMatchObject({
      cause: 'fund',
      book: 'live',
      transfers: [
        { debit: 'company', credit: `account/${account}/promised`, amount: 9n },
        { debit: `account/${account}/promised`, credit: `account/${account}/tranche/${fund.tranche.id}`, amount: 9n },
      ],
    });
    await expect(on().ledger.entries({ limit: 1, after: 'x' })).rejects.toMatchObject({
      refusal: { code: 'unprocessable' },
    });
  });

  it('a hold that is not there is none, whatever it is called', async () => {
    expect([await on().ledger.hold(IDS.fresh()), await on().ledger.hold("'; DROP TABLE hold")]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
