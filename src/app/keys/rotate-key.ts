/** Gives a key a new secret; the ones before it work for an overlap, so that nothing breaks while it is handed out. */
import { refused } from '../../core/errors.ts';
import { missing } from '../missing.ts';
import type { KeyRing, ShownKey } from '../ports/key-ring.ts';

/** Throws `Refused` with `not_found`, or `conflict` when the key is revoked. */
export async function rotateKey(
  ports: { readonly keyRing: KeyRing },
  id: string,
  overlapMs: number,
): Promise<ShownKey> {
  if (!(await ports.keyRing.find(id))) throw missing('key');
  const shown = await ports.keyRing.rotate(id, overlapMs);
  if (!shown) throw refused('conflict', 'This key is revoked and stays so; make a new one.');
  return shown;
}
