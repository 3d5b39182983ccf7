/** What the OpenAPI document says of the API as a whole. */
import { z } from 'zod';

export const openApiDocument = {
  openapi: '3.1.0',
  info: {
    title: 'Stipend',
    version: '1',
    description:
      'Grants, pools, keys, balances and the ledger. Money is decimal text with a currency, times are RFC 3339, lists are pages with a cursor, refusals are problem details (RFC 9457) with a stable `code`.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  components: {
    securitySchemes: {
      key: {
        type: 'http' as const,
        scheme: 'bearer',
        description: 'An admin key; for one’s own affairs a virtual key.',
      },
    },
  },
};

const named = z.looseObject({
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()).default({}) }),
});

/**
 * The document as it is published. Every schema with a name is made once for requests and once for answers; only those
 * that something refers to stay.
 */
export function publishedDocument(generated: unknown): object {
  const { components, ...rest } = named.parse(generated);
  let schemas = components.schemas;
  for (;;) {
    const text = JSON.stringify([rest, schemas]);
    const used = Object.entries(schemas).filter(([name]) => text.includes(`"#/components/schemas/${name}"`));
    if (used.length === Object.keys(schemas).length) return { ...rest, components: { ...components, schemas } };
    schemas = Object.fromEntries(used);
  }
}
