/** A person's balance, or a pool's, as of any instant, in the book in force or the one asked for. */
import type { Balance, Book } from '../../core/ledger/operations.ts';
import type { Instant } from '../../core/time/instant.ts';
import type { BookInForce } from '../ports/credentials.ts';
import type { Accounts } from '../ports/people.ts';
import type { Ledger } from '../ports.ts';

export async function readBalance(
  ports: { readonly ledger: Ledger; readonly bookInForce: BookInForce },
  accounts: Accounts,
  asked: { readonly asOf?: Instant; readonly book?: Book },
): Promise<Balance & { readonly book: Book }> {
  const book = asked.book ?? (await ports.bookInForce());
  return { book, ...(await ports.ledger.balance(accounts[book], asked.asOf)) };
}
