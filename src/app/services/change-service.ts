/** Renames a service, replaces its steward, or suspends it. */
import { missing } from '../missing.ts';
import type { People, ServiceChange, ServiceRecord, Services } from '../ports/people.ts';

/** Throws `Refused(not_found)` when the service or its new steward is not there. */
export async function changeService(
  ports: { readonly services: Services; readonly people: People },
  id: string,
  change: ServiceChange,
): Promise<ServiceRecord> {
  if (change.stewardId !== undefined && !(await ports.people.find(change.stewardId))) {
    throw missing('person', '/stewardId');
  }
  const changed = await ports.services.change(id, change);
  if (!changed) throw missing('service');
  return changed;
}
