/** Who asks: an administrator, or the holder of a virtual key, who may see itself and nothing else. */
import { requireLive } from '../app/calls/authorise.ts';
import type { AdminRecord, Admins } from '../app/ports/key-ring.ts';
import type { Clock, KeyRecord, Keys } from '../app/ports.ts';
import { refused } from '../core/errors.ts';

export type Caller =
  | { readonly kind: 'admin'; readonly admin: AdminRecord }
  | { readonly kind: 'holder'; readonly key: KeyRecord };

export interface CallerPorts {
  readonly admins: Admins;
  readonly keys: Keys;
  readonly clock: Clock;
}

/** Throws `Refused` with `key_unknown` or `key_revoked`. */
export async function callerOf(ports: CallerPorts, authorization: string | undefined): Promise<Caller> {
  const presented = /^bearer +([\x21-\x7e]+) *$/i.exec(authorization ?? '')?.[1];
  if (presented === undefined) {
    throw refused('key_unknown', 'This needs a key: send Authorization: Bearer and your key.');
  }
  const admin = await ports.admins.holder(presented);
  if (admin) return { kind: 'admin', admin };
  const key = await ports.keys.holder(presented);
  if (!key) throw refused('key_unknown', 'This key is not known here. Check that it was copied whole.');
  return { kind: 'holder', key: requireLive(key, ports.clock.now()) };
}

/** What a caller is called where its requests are remembered; no two callers share it. */
export function callerName(caller: Caller): string {
  return caller.kind === 'admin' ? `admin ${caller.admin.id}` : `key ${caller.key.id}`;
}

/** Whether a caller may see what belongs to a principal. */
export function maySee(caller: Caller, kind: 'person' | 'service', id: string): boolean {
  return caller.kind === 'admin' || (caller.key.principal.kind === kind && caller.key.principal.id === id);
}
