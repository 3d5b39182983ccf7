/** What may be a provider's base URL. Checked when it is saved; the address behind a name is checked on connecting. */
import { isAddress, isPublicAddress } from './public-address.ts';

/** Names that mean this machine or the network around it, whatever a resolver says. */
const INSIDE_NAMES = ['localhost', 'local', 'internal', 'localdomain', 'home.arpa'];

/**
 * What is wrong with a provider's base URL, in words for an operator; `undefined` when nothing is.
 * `allowPrivate`: the operator has allowed private and loopback addresses.
 */
export function baseUrlProblem(text: string, allowPrivate: boolean): string | undefined {
  if (!URL.canParse(text)) return 'is not a URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https:// or http://';
  if (url.username !== '' || url.password !== '' || /^[^/?#]*\/\/[^/?#]*@/.test(text)) {
    return 'must not carry a user name or password';
  }
  if (text.includes('#') || text.includes('?')) return 'must end with its path: no question mark, no #';
  if (!allowPrivate && isInside(url.hostname)) return 'names a private or loopback address';
  return undefined;
}

/** Whether a host, as `URL.hostname` writes it, is an address or a name inside the network. */
function isInside(hostname: string): boolean {
  if (isAddress(hostname)) return !isPublicAddress(hostname);
  const name = hostname.replace(/\.+$/, '');
  return name === '' || INSIDE_NAMES.some((inside) => name === inside || name.endsWith(`.${inside}`));
}
