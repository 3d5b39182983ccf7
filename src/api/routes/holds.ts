/** `/holds` and `/charges`: for what does not pass the gateway. */
import type { FastifyInstance } from 'fastify';
import { type ChargeAnswer, chargeAfterwards } from '../../app/holds/charge-afterwards.ts';
import type { OutsideCall } from '../../app/holds/outside-call.ts';
import { settleHold, voidHold } from '../../app/holds/resolve-hold.ts';
import { type HoldAnswer, takeHold } from '../../app/holds/take-hold.ts';
import {
  type Charge,
  charge,
  type Hold,
  hold,
  type NewCharge,
  type NewHold,
  newCharge,
  newHold,
  settlement,
} from '../../contract/hold.ts';
import { fromMoney, toMoney } from '../../contract/money.ts';
import { NO_USAGE, type TokenUsage } from '../../core/pricing/usage.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { addMake, nothing } from '../add-route.ts';
import { given } from '../given.ts';
import type { ApiPorts } from '../ports.ts';

export function addHoldRoutes(app: FastifyInstance, ports: ApiPorts): void {
  addMake(
    app,
    ports,
    {
      path: '/holds',
      summary:
        'Sets money aside for a call that does not pass the gateway; the same source and externalId name it for ever.',
      body: newHold,
      answer: hold,
      status: 201,
    },
    async ({ body: { upperBound, lease, ...call } }) =>
      writeHold(
        await takeHold(
          ports,
          given({
            ...readCall(call),
            upperBound: fromMoney(upperBound),
            leaseMs: lease === undefined ? undefined : lease * 1_000,
          }),
        ),
      ),
  );
  addMake(
    app,
    ports,
    {
      path: '/holds/:id/settle',
      summary: 'Charges the actual cost and frees the rest.',
      body: settlement,
      answer: hold,
      status: 200,
    },
    async ({ id, body: { amount, model, usage } }) =>
      writeHold(
        await settleHold(ports, id, given({ amount: fromMoney(amount), model, usage: usage && readUsage(usage) })),
      ),
  );
  addMake(
    app,
    ports,
    { path: '/holds/:id/void', summary: 'Ends a hold with no charge.', body: nothing, answer: hold, status: 200 },
    async ({ id }) => writeHold(await voidHold(ports, id)),
  );
  addMake(
    app,
    ports,
    {
      path: '/charges',
      summary: 'Books a cost after the fact, unenforced: what the accounts cannot cover is overrun.',
      body: newCharge,
      answer: charge,
      status: 201,
    },
    async ({ body: { amount, usage, ...call } }) =>
      writeCharge(
        await chargeAfterwards(
          ports,
          given({ ...readCall(call), amount: fromMoney(amount), usage: usage && readUsage(usage) }),
        ),
      ),
  );
}

type AskedCall = Omit<NewHold, 'upperBound' | 'lease'> | Omit<NewCharge, 'amount' | 'usage'>;

function readCall({ keyId, personId, ...call }: AskedCall): OutsideCall {
  return { ...given(call), payer: keyId === undefined ? { personId: personId ?? '' } : { keyId } };
}

function readUsage(asked: { readonly [Class in keyof TokenUsage]?: number | undefined }): TokenUsage {
  return { ...NO_USAGE, ...given(asked) };
}

function writeHold({ hold: held, available, repeated }: HoldAnswer): Hold {
  if (held.state === 'refused') throw new Error(`hold ${held.id} was refused and answered as held`);
  return {
    id: held.id,
    state: held.state,
    book: held.book,
    amount: toMoney(held.amount),
    charged: toMoney(held.charged),
    available: toMoney(available),
    createdAt: formatInstant(held.createdAt),
    ...(held.leaseUntil === undefined ? {} : { leaseUntil: formatInstant(held.leaseUntil) }),
    repeated,
  };
}

function writeCharge({ amount, overrun, available, at, ...facts }: ChargeAnswer): Charge {
  return {
    ...facts,
    at: formatInstant(at),
    amount: toMoney(amount),
    overrun: toMoney(overrun),
    available: toMoney(available),
    outcome: 'unenforced',
  };
}
