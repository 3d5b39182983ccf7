import { describe, expect, it } from 'vitest';
import { listModels } from './models.ts';

const listed = (ids: readonly string[]) => {
  const { body } = listModels(ids.map((id) => ({ id, contextTokensMost: 200_000, outputTokensMost: 64_000 })));
  return JSON.parse(new TextDecoder().decode(body));
};

describe('the list of models', () => {
  it('is one page in the form of the Models API', () => {
    const page = listed(['claude-opus-5', 'claude-haiku-4-5']);
    expect(page).toMatchObject({ has_more: false, first_id: 'claude-opus-5', last_id: 'claude-haiku-4-5' });
    expect(page.data[0]).toMatchObject({ type: 'model', id: 'claude-opus-5', max_tokens: 64_000 });
  });

  it('may be empty', () => expect(listed([])).toEqual({ data: [], has_more: false, first_id: null, last_id: null }));
});
