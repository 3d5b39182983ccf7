/** Changes what is known of a person, or suspends them: their keys are then refused at once, their budget stays. */
import { missing, taken } from '../missing.ts';
import type { People, PersonChange, PersonRecord } from '../ports/people.ts';

/** Throws `Refused` with `not_found` or `conflict`. */
export async function changePerson(
  ports: { readonly people: People },
  id: string,
  change: PersonChange,
): Promise<PersonRecord> {
  const changed = await ports.people.change(id, change);
  if (!changed) throw missing('person');
  if ('taken' in changed) throw taken('person', changed.taken);
  return changed;
}
