import { describe, expect, it } from 'vitest';
import { PUBLISHED_SHEETS } from './published.ts';
import { findModel } from './sheet.ts';

const [sheet] = PUBLISHED_SHEETS;
if (!sheet) throw new Error('nothing is published');

describe('a model', () => {
  it.each([
    ['claude-sonnet-4-5', 'claude-sonnet-4-5'],
    ['claude-sonnet-4-5-20250929', 'claude-sonnet-4-5'],
    ['gpt-5.6', 'gpt-5.6-sol'],
    ['gpt-4.1-nano-2025-04-14', 'gpt-4.1-nano'],
    ['gemini-flash-latest', 'gemini-3.8-flash'],
  ])('is found by its own name, a dated snapshot or a published alias: %s', (name, model) => {
    expect(findModel(sheet, name)?.model).toBe(model);
  });

  // Failure 10 of the field: what is not listed is priced at nothing, or as whatever its name begins with.
  it.each([
    'claude-sonnet-5-6',
    'claude-sonnet-5-20991231',
    'gpt-5.6-sol-mini',
    'gpt-5.',
    'GPT-5',
    'models/gemini-2.5-pro',
    'claude',
    '',
    '__proto__',
    'constructor',
  ])('of no exact name is not found: %j', (name) => {
    expect(findModel(sheet, name)).toBeUndefined();
  });

  it('is never priced as the one whose name it begins with', () => {
    const rate = (name: string) => findModel(sheet, name)?.rates[0]?.perToken.cacheRead;
    expect(rate('claude-sonnet-5')).toBe(200_000);
    expect(rate('claude-sonnet-5-5')).toBe(100_000);
  });
});
