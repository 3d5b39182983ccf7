import { describe, expect, it } from 'vitest';
import { newGrant } from './grant.ts';
import { newHold } from './hold.ts';
import { newKey } from './key.ts';
import { pageQuery } from './page.ts';
import { newPerson, personChange } from './person.ts';
import { usageAsked } from './usage.ts';

const somebody = '019a0000-0000-7000-8000-000000000001';
const usd = (amount: string) => ({ amount, currency: 'USD' });
const ada = { email: 'ada@example.com', name: 'Ada', startDate: '2026-01-01' };
const grantOf = (more: object) => ({ personId: somebody, effectiveOn: '2026-01-01', ...more });

describe('a request', () => {
  it.each([
    ['a person', newPerson, ada],
    ['a grant of an amount', newGrant, grantOf({ amount: usd('1') })],
    ['a grant of a share', newGrant, grantOf({ percentOfBase: 50 })],
    ['a grant of an exact share', newGrant, grantOf({ percentOfBase: '33.333333333' })],
    ['a key', newKey, { personId: somebody, name: 'laptop', funding: [{ poolId: somebody }, { grants: true }] }],
    ['a hold', newHold, { personId: somebody, upperBound: usd('1'), source: 's', externalId: 'e' }],
  ])('for %s is taken', (_, schema, body) => expect(schema.safeParse(body).error).toBeUndefined());

  it.each([
    ['a role', newPerson, { ...ada, role: 'admin' }, ''],
    ['a balance', personChange, { balance: usd('9') }, ''],
    ['a day that does not exist', newPerson, { ...ada, startDate: '2026-02-31' }, 'startDate'],
    ['a NUL', newPerson, { ...ada, name: 'A\u0000' }, 'name'],
    ['half a surrogate pair', newPerson, { ...ada, name: '\ud800' }, 'name'],
    ['a name of a megabyte', newPerson, { ...ada, name: 'a'.repeat(1_000_000) }, 'name'],
    ['an address made to trap a regular expression', newPerson, { ...ada, email: 'a.'.repeat(50_000) }, 'email'],
    ['both an amount and a share', newGrant, grantOf({ amount: usd('1'), percentOfBase: 1 }), 'amount'],
    ['neither an amount nor a share', newGrant, grantOf({}), 'amount'],
    ['a share in exponents', newGrant, grantOf({ percentOfBase: '1e2' }), 'percentOfBase'],
    ['a share of nothing', newGrant, grantOf({ percentOfBase: 0 }), 'percentOfBase'],
    ['a share that is not a number', newGrant, grantOf({ percentOfBase: Number.NaN }), 'percentOfBase'],
    ['two holders', newKey, { personId: somebody, serviceId: somebody, name: 'k' }, 'personId'],
    ['no payer', newHold, { upperBound: usd('1'), source: 's', externalId: 'e' }, 'keyId'],
    ['more thought than output', usageAsked, { output: 1, reasoning: 2 }, 'reasoning'],
    ['a page too large', pageQuery, { limit: '1000000000' }, 'limit'],
    ['a page below nothing', pageQuery, { limit: '-1' }, 'limit'],
    ['a column to sort by', pageQuery, { sort: 'salary' }, ''],
  ])('with %s is refused where it is wrong', (_, schema, body, where) => {
    const issues = schema.safeParse(body).error?.issues ?? [];
    expect(issues.map((issue) => String(issue.path[0] ?? ''))).toContain(where);
  });
});
