/** A value that a JSON Schema allows: always the same one, the plainest there is. */
import { type AnswerObject, countIn, objectIn, textIn } from '../wire/framing/fields.ts';

/** A schema that refers to itself is followed this deep. */
const DEPTH_MOST = 16;

/** A sample of `schema`, in which optional properties are left out. Upper-case types are Gemini's spelling. */
export function sampleOf(schema: unknown): unknown {
  return sample(schema, objectIn(schema) ?? {}, 0);
}

function sample(schema: unknown, root: AnswerObject, depth: number): unknown {
  const read = objectIn(schema);
  if (!read || depth > DEPTH_MOST) return null;
  if (typeof read['$ref'] === 'string') return sample(referred(read['$ref'], root), root, depth + 1);
  if ('const' in read) return read['const'];
  const given = [read['enum'], read['examples']].find((values) => Array.isArray(values) && values.length > 0);
  if (Array.isArray(given)) return given[0];
  if ('default' in read) return read['default'];
  const branches = read['anyOf'] ?? read['oneOf'] ?? read['allOf'];
  if (Array.isArray(branches))
    return sample(
      branches.find((branch) => typeOf(branch) !== 'null'),
      root,
      depth + 1,
    );
  return sampleOfType(read, root, depth);
}

function sampleOfType(schema: AnswerObject, root: AnswerObject, depth: number): unknown {
  switch (typeOf(schema)) {
    case 'object':
      return sampleOfObject(schema, root, depth);
    case 'array':
      return Array.from({ length: countIn(Number(schema['minItems'])) ?? 0 }, () =>
        sample(schema['items'], root, depth + 1),
      );
    // Scores and shares mostly begin above 0, and say so only in words.
    case 'integer':
      return schema['minimum'] ?? 1;
    case 'number':
      return schema['minimum'] ?? 0.5;
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return STRINGS[textIn(schema['format']) ?? ''] ?? 'sandbox';
  }
}

function sampleOfObject(schema: AnswerObject, root: AnswerObject, depth: number): unknown {
  const properties = objectIn(schema['properties']) ?? {};
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  return Object.fromEntries(required.map((name) => [name, sample(properties[name] ?? {}, root, depth + 1)]));
}

const STRINGS: Readonly<Record<string, string>> = {
  date: '2026-01-01',
  'date-time': '2026-01-01T00:00:00Z',
  time: '00:00:00Z',
  email: 'sandbox@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

function typeOf(schema: unknown): string {
  const read = objectIn(schema);
  const type = Array.isArray(read?.['type']) ? read['type'].find((each) => each !== 'null') : read?.['type'];
  if (typeof type === 'string') return type.toLowerCase();
  return read?.['properties'] === undefined ? 'string' : 'object';
}

function referred(reference: string, root: AnswerObject): unknown {
  let found: unknown = root;
  for (const step of reference.replace(/^#\/?/, '').split('/')) {
    if (step !== '') found = objectIn(found)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return found;
}
