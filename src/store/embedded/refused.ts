/** The embedded database cannot start here; the message tells the operator why and what to do. */
export class EmbeddedRefused extends Error {
  override readonly name = 'EmbeddedRefused';
}
