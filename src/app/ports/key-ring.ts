/** Keys as an administrator sees them. The gateway's own view, made for speed, is `Keys`. */
import type { Instant } from '../../core/time/instant.ts';
import type { Page, Paged } from '../ports.ts';

export type FundingSource = { readonly poolId: string } | { readonly grants: true };

export type KeyHolder = { readonly personId: string } | { readonly serviceId: string };

export interface VirtualKey {
  readonly id: string;
  readonly name: string;
  readonly holder: KeyHolder;
  readonly parentKeyId?: string;
  readonly funding: readonly FundingSource[];
  readonly models?: readonly string[];
  readonly createdAt: Instant;
  readonly expiresAt?: Instant;
  readonly revokedAt?: Instant;
  readonly lastUsedAt?: Instant;
}

interface KeysQuery extends Page {
  readonly personId?: string;
  readonly serviceId?: string;
}

/** A key and its text, which is shown once and kept nowhere. */
export interface ShownKey {
  readonly key: VirtualKey;
  readonly text: string;
}

export interface KeyRing {
  find(id: string): Promise<VirtualKey | undefined>;
  list(query: KeysQuery): Promise<Paged<VirtualKey>>;
  /**
   * Adds a key with a fresh secret. An id that is kept already keeps its terms and gets a fresh secret in place of the
   * one nobody was shown. `undefined`: its parent was revoked meanwhile.
   */
  add(key: Omit<VirtualKey, 'createdAt' | 'revokedAt' | 'lastUsedAt'>): Promise<ShownKey | undefined>;
  /** A fresh secret; those before it work `overlapMs` longer at the most. `undefined`: there is no such key in use. */
  rotate(id: string, overlapMs: number): Promise<ShownKey | undefined>;
  /** Ends a key and its children for every process within a second; again, it changes nothing. */
  revoke(id: string): Promise<VirtualKey | undefined>;
}

export interface AdminRecord {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Instant;
  readonly revokedAt?: Instant;
}

export interface Admins {
  /** The administrator whose key this is and still counts; compared in constant time. */
  holder(presented: string): Promise<AdminRecord | undefined>;
  list(page: Page): Promise<Paged<AdminRecord>>;
  /** As for keys, an id that is kept already gets a fresh secret. */
  add(admin: {
    readonly id: string;
    readonly name: string;
  }): Promise<{ readonly admin: AdminRecord; readonly text: string }>;
  revoke(id: string): Promise<AdminRecord | undefined>;
}
