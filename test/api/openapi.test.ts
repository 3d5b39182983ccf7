import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stage, startStage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});

afterAll(() => stage.stop());

it('the published document is the one in the reference: `vitest run --project store test/api/openapi.test.ts -u` renews it', async () => {
  await expect(`${JSON.stringify(stage.api.document, null, 2)}\n`).toMatchFileSnapshot(
    '../../docs/reference/openapi.json',
  );
});

it('the document is OpenAPI 3.1, open to everybody, and every reference in it leads somewhere', async () => {
  const { status, body, text } = await stage.ask('GET', '/openapi.json', { key: null });
  expect([status, body['openapi']]).toEqual([200, '3.1.0']);
  for (const [reference, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    expect([reference, body['components']?.['schemas']?.[name ?? ''] !== undefined]).toEqual([reference, true]);
  }
});

it('no schema takes money or an amount as a number', () => {
  const seen: string[] = [];
  walk(JSON.parse(JSON.stringify(stage.api.document)), '', (value, path) => {
    if (/amount|money|cost|salary/i.test(path.split('/').at(-1) ?? ''))
      seen.push('type' in value ? String(value.type) : 'object');
  });
  expect(seen).not.toContain('number');
  expect(seen).not.toContain('integer');
});

function walk(value: unknown, path: string, seen: (value: object, path: string) => void): void {
  if (typeof value !== 'object' || value === null) return;
  seen(value, path);
  for (const [name, each] of Object.entries(value)) walk(each, `${path}/${name}`, seen);
}
