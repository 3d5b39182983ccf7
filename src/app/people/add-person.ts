/** Adds a person, with an account in each book and nothing in them. */
import { type Act, idOf } from '../act.ts';
import { taken } from '../missing.ts';
import type { People, PersonFacts, PersonRecord } from '../ports/people.ts';
import type { Ids, Ledger } from '../ports.ts';

export interface NewPerson extends PersonFacts {
  readonly email: string;
  readonly name: string;
  readonly startDate: string;
}

/** Throws `Refused(conflict)` when somebody has the e-mail address or external id already. */
export async function addPerson(
  ports: { readonly people: People; readonly ledger: Ledger; readonly ids: Ids },
  act: Act,
  asked: NewPerson,
): Promise<PersonRecord> {
  const id = idOf(ports.ids, act, 'person');
  // First the accounts: a crash after this leaves two empty accounts of nobody, never a person without any.
  const accounts = await ports.ledger.openAccounts({ kind: 'person', id }, 'absorb');
  const added = await ports.people.add({ ...asked, id, status: 'active', accounts });
  if ('taken' in added) throw taken('person', added.taken);
  return added;
}
