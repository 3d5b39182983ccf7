/** `/ledger`. */
import type { FastifyInstance } from 'fastify';
import type { EntryRecord } from '../../app/ports.ts';
import { type Entry, entries, verdict } from '../../contract/ledger.ts';
import { toMoney } from '../../contract/money.ts';
import { pageQuery } from '../../contract/page.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { addRead, nothing } from '../add-route.ts';
import { listPage } from '../list.ts';
import type { ApiPorts } from '../ports.ts';

export function addLedgerRoutes(app: FastifyInstance, ports: ApiPorts): void {
  addRead(
    app,
    ports,
    {
      path: '/ledger/verify',
      summary: 'Adds the whole ledger up again and says whether everything that must hold does.',
      access: 'admin',
      query: nothing,
      answer: verdict,
    },
    async () => {
      const { debits, credits, findings, ...found } = await ports.ledger.verify();
      return { ...found, debits: toMoney(debits), credits: toMoney(credits), findings: [...findings] };
    },
  );
  addRead(
    app,
    ports,
    {
      path: '/ledger/entries',
      summary: 'Lists journal entries.',
      access: 'admin',
      query: pageQuery,
      answer: entries,
    },
    ({ query }) => listPage(ports.cursorHash, ['entries'], query, (asked) => ports.ledger.entries(asked), writeEntry),
  );
}

function writeEntry({ at, transfers, ...facts }: EntryRecord): Entry {
  return {
    ...facts,
    at: formatInstant(at),
    transfers: transfers.map((transfer) => ({ ...transfer, amount: toMoney(transfer.amount) })),
  };
}
