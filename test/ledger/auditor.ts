/** Re-derives what must hold from the journal and the open holds alone, and names what does not. */

import type { Hold, Tranche, Transfer } from '../../src/core/ledger/state.ts';
import type { Instant } from '../../src/core/time/instant.ts';
import type { MemoryLedger } from './memory-ledger.ts';

/** One sentence for each thing that is wrong; none when the books are right. */
export function audit(ledger: MemoryLedger, now: Instant): string[] {
  const transfers = ledger.entries.flatMap((entry) => entry.transfers);
  const findings = ledger.entries.filter((entry) => entry.transfers.length === 0).map(({ id }) => `${id} is empty`);
  findings.push(...transfers.filter(({ amount }) => amount <= 0n).map(({ at }) => `a transfer of nothing at ${at}`));
  const holds = [...ledger.holds.values()];
  for (const tranche of ledger.tranches.values()) findings.push(...auditTranche(tranche, transfers, holds));
  for (const id of ledger.accounts.keys()) findings.push(...auditBalance(ledger, id, now));
  findings.push(...auditCharges(transfers, holds));
  return findings;
}

function auditTranche(tranche: Tranche, transfers: readonly Transfer[], holds: readonly Hold[]): string[] {
  const findings: string[] = [];
  let [version, balance, planned] = [0, 0n, 0n];
  for (const transfer of transfers.filter((each) => each.tranche === tranche.id)) {
    const change = transfer.credit === 'tranche' ? transfer.amount : -transfer.amount;
    if (transfer.version === undefined) {
      planned += change;
      continue;
    }
    version += 1;
    balance += change;
    if (transfer.version !== version) findings.push(`${tranche.id} has a gap before version ${transfer.version}`);
    if (transfer.balanceAfter !== balance) findings.push(`${tranche.id} is ${balance}, not ${transfer.balanceAfter}`);
  }
  const held = holds
    .filter(({ state }) => state === 'held')
    .flatMap(({ slices }) => slices)
    .reduce((sum, slice) => (slice.tranche === tranche.id ? sum + slice.took : sum), 0n);
  if (balance !== tranche.posted || version !== tranche.version)
    findings.push(`${tranche.id} differs from its journal`);
  if (held !== tranche.held) findings.push(`${tranche.id} holds ${tranche.held}, its holds ${held}`);
  if (tranche.held < 0n || tranche.held > tranche.posted) findings.push(`${tranche.id} is overdrawn`);
  const lost = tranche.expiresAt === undefined ? 0n : balance;
  if (planned !== -lost) findings.push(`${tranche.id} will lose ${-planned} at its expiry, not ${lost}`);
  return findings;
}

function auditBalance(ledger: MemoryLedger, id: string, now: Instant): string[] {
  const {
    granted,
    unvested,
    vested,
    held,
    spent,
    expired,
    forfeited,
    transferredIn,
    transferredOut,
    available,
    overrun,
  } = ledger.balance(id, now, now);
  const findings: string[] = [];
  if (granted !== unvested + vested + forfeited) findings.push(`${id}: granted is not the sum of its parts`);
  if (vested + transferredIn !== available + held + spent + expired + transferredOut) {
    findings.push(`${id}: vested and received is not the sum of where it went`);
  }
  const figures = {
    granted,
    unvested,
    vested,
    held,
    spent,
    expired,
    forfeited,
    transferredIn,
    transferredOut,
    available,
  };
  for (const [name, figure] of Object.entries(figures)) if (figure < 0n) findings.push(`${id}: ${name} is ${figure}`);
  if (overrun !== ledger.accounts.get(id)?.owed) findings.push(`${id}: owes ${overrun}, not what its account says`);
  return findings;
}

function auditCharges(transfers: readonly Transfer[], holds: readonly Hold[]): string[] {
  const isCharge = (place: string): boolean => place.startsWith('charges/');
  const booked = transfers.reduce((sum, { debit, credit, amount }) => {
    return sum + (isCharge(credit) ? amount : 0n) - (isCharge(debit) ? amount : 0n);
  }, 0n);
  const charged = holds.reduce((sum, hold) => sum + hold.charged - hold.reversed, 0n);
  return booked === charged ? [] : [`${booked} is booked as charges, the calls cost ${charged}`];
}
