import { expect, it } from 'vitest';
import { listModels } from './models.ts';

it('models are listed as OpenAI lists them', () => {
  const { status, headers, body } = listModels([{ id: 'gpt-5', contextTokensMost: 1, outputTokensMost: 1 }]);
  expect({ status, headers }).toEqual({ status: 200, headers: { 'content-type': 'application/json' } });
  expect(JSON.parse(new TextDecoder().decode(body))).toEqual({
    object: 'list',
    data: [{ id: 'gpt-5', object: 'model', created: 0, owned_by: 'openai' }],
  });
});
