/** A client that leaves before its call is on its way. */
import { expect, it } from 'vitest';
import type { LedgerOperation } from '../../src/core/ledger/operations.ts';
import { startLoneGateway } from './lone-gateway.ts';
import { GENERATING } from './provider-words.ts';
import { ask } from './stage.ts';

it.each(GENERATING)('while its hold is taken, on %s: the hold is voided and nothing is sent', async (_, words) => {
  const holding = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const booked: LedgerOperation['kind'][] = [];
  const ended = Promise.withResolvers<void>();
  const gateway = await startLoneGateway({
    booking: async ({ kind }) => {
      booked.push(kind);
      if (kind !== 'hold') {
        ended.resolve();
        return;
      }
      holding.resolve();
      await goOn.promise;
    },
    sent: () => {
      throw new Error('nobody waits for this call');
    },
  });
  const call = ask(gateway.url, { path: words.plainPath, key: 'k', body: words.body('hi', false) });
  await holding.promise;
  await call.leave();
  // The gateway has seen it when it has answered a question that was asked later.
  await fetch(gateway.url, { method: 'HEAD' });
  goOn.resolve();
  await ended.promise;
  expect(booked).toEqual(['hold', 'void']);
  expect(gateway.errors).toEqual([]);
  gateway.stop();
});
