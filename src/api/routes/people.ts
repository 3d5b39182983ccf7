/** `/people`. */
import type { FastifyInstance } from 'fastify';
import { readBalance } from '../../app/balances/read-balance.ts';
import { missing } from '../../app/missing.ts';
import { addPerson } from '../../app/people/add-person.ts';
import { changePerson } from '../../app/people/change-person.ts';
import type { PersonRecord } from '../../app/ports/people.ts';
import { balance, balanceQuery } from '../../contract/balance.ts';
import { fromMoney, toMoney } from '../../contract/money.ts';
import { newPerson, type Person, people, peopleQuery, person, personChange } from '../../contract/person.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { addChange, addMake, addRead, nothing } from '../add-route.ts';
import { maySee } from '../caller.ts';
import { given } from '../given.ts';
import { listPage } from '../list.ts';
import type { ApiPorts } from '../ports.ts';
import { askedBalance, writeBalance } from './balances.ts';

export function addPeopleRoutes(app: FastifyInstance, ports: ApiPorts): void {
  addMake(
    app,
    ports,
    { path: '/people', summary: 'Adds a person.', body: newPerson, answer: person, status: 201 },
    async ({ act, body: { baseSalary, ...facts } }) =>
      writePerson(await addPerson(ports, act, given({ ...facts, baseSalary: baseSalary && fromMoney(baseSalary) }))),
  );
  addRead(
    app,
    ports,
    { path: '/people', summary: 'Lists people.', access: 'admin', query: peopleQuery, answer: people },
    ({ query: { email, externalId, ...page } }) =>
      listPage(
        ports.cursorHash,
        ['people', email, externalId],
        page,
        (asked) => ports.people.list(given({ ...asked, email, externalId })),
        writePerson,
      ),
  );
  addRead(
    app,
    ports,
    { path: '/people/:id', summary: 'Shows a person.', access: 'holder', query: nothing, answer: person },
    async ({ caller, id }) => {
      const found = maySee(caller, 'person', id) ? await ports.people.find(id) : undefined;
      if (!found) throw missing('person');
      return writePerson(found);
    },
  );
  addChange(
    app,
    ports,
    {
      method: 'PATCH',
      path: '/people/:id',
      summary: 'Changes what is known of a person, or suspends them.',
      body: personChange,
      answer: person,
    },
    async ({ id, body: { baseSalary, ...change } }) =>
      writePerson(await changePerson(ports, id, { ...change, baseSalary: baseSalary && fromMoney(baseSalary) })),
  );
  addRead(
    app,
    ports,
    {
      path: '/people/:id/balance',
      summary: 'A person’s balance, now or as of any instant.',
      access: 'holder',
      query: balanceQuery,
      answer: balance,
    },
    async ({ caller, id, query }) => {
      const found = maySee(caller, 'person', id) ? await ports.people.find(id) : undefined;
      if (!found) throw missing('person');
      return writeBalance(await readBalance(ports, found.accounts, askedBalance(query, ports.zone)));
    },
  );
}

export function writePerson({ accounts: _, baseSalary, createdAt, ...facts }: PersonRecord): Person {
  return {
    ...facts,
    ...(baseSalary === undefined ? {} : { baseSalary: toMoney(baseSalary) }),
    createdAt: formatInstant(createdAt),
  };
}
