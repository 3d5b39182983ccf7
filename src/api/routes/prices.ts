/** `/price-sheets` and `/price-overrides`. */
import type { FastifyInstance } from 'fastify';
import { missing } from '../../app/missing.ts';
import type { OverrideRecord } from '../../app/ports/price-overrides.ts';
import { decideOverride } from '../../app/prices/decide-override.ts';
import { proposeOverride } from '../../app/prices/propose-override.ts';
import { pageOf } from '../../contract/page.ts';
import {
  type NewPriceOverride,
  newPriceOverride,
  type PriceOverride,
  type PriceSheet,
  priceOverride,
  priceOverridesQuery,
  priceSheet,
  priceSheets,
} from '../../contract/price-sheet.ts';
import type { PriceSheet as KeptSheet, ModelPrices } from '../../core/pricing/sheet.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { addMake, addRead, nothing } from '../add-route.ts';
import { given } from '../given.ts';
import { listPage } from '../list.ts';
import type { ApiPorts } from '../ports.ts';

export function addPriceRoutes(app: FastifyInstance, ports: ApiPorts): void {
  addSheetRoutes(app, ports);
  addMake(
    app,
    ports,
    {
      path: '/price-overrides',
      summary: 'Proposes other prices for a model, or admits a new one; another administrator approves.',
      body: newPriceOverride,
      answer: priceOverride,
      status: 201,
    },
    async ({ act, body: { effectiveOn, reason, ...prices } }) =>
      writeOverride(await proposeOverride(ports, act, { prices: readPrices(prices), effectiveOn, reason })),
  );
  addRead(
    app,
    ports,
    {
      path: '/price-overrides',
      summary: 'Lists proposed, approved and withdrawn prices.',
      access: 'admin',
      query: priceOverridesQuery,
      answer: pageOf(priceOverride),
    },
    ({ query }) =>
      listPage(
        ports.cursorHash,
        ['price-overrides'],
        query,
        (asked) => ports.priceOverrides.list(asked),
        writeOverride,
      ),
  );
  for (const [verb, decision, summary] of [
    ['approve', 'approved', 'Approves prices that another administrator proposed.'],
    ['withdraw', 'withdrawn', 'Withdraws proposed prices.'],
  ] as const) {
    addMake(
      app,
      ports,
      { path: `/price-overrides/:id/${verb}`, summary, body: nothing, answer: priceOverride, status: 200 },
      async ({ act, id }) => writeOverride(await decideOverride(ports, act, id, decision)),
    );
  }
}

function addSheetRoutes(app: FastifyInstance, ports: ApiPorts): void {
  addRead(
    app,
    ports,
    {
      path: '/price-sheets',
      summary: 'Lists the published price sheets and the one in force.',
      access: 'admin',
      query: nothing,
      answer: priceSheets,
    },
    async () => {
      const inForce = await ports.prices.sheet(ports.clock.now());
      const items = sheetsWith(ports, inForce).map((sheet) => ({
        id: sheet.id,
        effectiveOn: sheet.effectiveOn,
        models: sheet.models.length,
        inForce: sheet.id === inForce.id,
      }));
      return { items, nextCursor: null };
    },
  );
  addRead(
    app,
    ports,
    {
      path: '/price-sheets/:name',
      summary: 'Shows a price sheet, or with `current` the one in force.',
      access: 'admin',
      query: nothing,
      answer: priceSheet,
    },
    async ({ name }) => {
      const inForce = await ports.prices.sheet(ports.clock.now());
      const wanted = name === 'current' ? inForce.id : name;
      const sheet = sheetsWith(ports, inForce).find(({ id }) => id === wanted);
      if (!sheet) throw missing('price sheet');
      return writeSheet(sheet);
    },
  );
}

/** The published ones, and the one in force where overrides made it another. */
function sheetsWith(ports: ApiPorts, inForce: KeptSheet): readonly KeptSheet[] {
  const published = ports.publishedSheets;
  return published.some(({ id }) => id === inForce.id) ? published : [...published, inForce];
}

function readPrices({
  provisional,
  rates,
  perUse,
  ...rest
}: Omit<NewPriceOverride, 'effectiveOn' | 'reason'>): ModelPrices {
  return {
    ...rest,
    rates: rates.map(({ perToken, ...table }) => ({ ...table, perToken: given(perToken) })),
    perUse: given(perUse),
    ...(provisional ? { provisional: true } : {}),
  };
}

function writePrices({ alsoNamed, rates, perUse, provisional, ...facts }: ModelPrices): PriceOverride['prices'] {
  return {
    ...facts,
    alsoNamed: [...alsoNamed],
    rates: rates.map((table) => ({ ...table, perToken: given(table.perToken) })),
    perUse: given(perUse),
    provisional: provisional === true,
  };
}

function writeSheet({ id, effectiveOn, models }: KeptSheet): PriceSheet {
  return { id, effectiveOn, models: models.map(writePrices) };
}

function writeOverride(kept: OverrideRecord): PriceOverride {
  const { prices, proposedAt, decidedAt, revision: _, ...facts } = kept;
  return {
    ...facts,
    prices: writePrices(prices),
    proposedAt: formatInstant(proposedAt),
    ...(decidedAt === undefined ? {} : { decidedAt: formatInstant(decidedAt) }),
  };
}
