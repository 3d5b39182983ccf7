import { expect, it } from 'vitest';
import { listModels } from './models.ts';

it('models are listed in the form of the Gemini API, with what they can do', () => {
  const { body } = listModels([
    { id: 'gemini-3-pro', contextTokensMost: 1_048_576, outputTokensMost: 65_536 },
    { id: 'gemini-embedding-001', contextTokensMost: 2_048, outputTokensMost: 0 },
  ]);
  const { models } = JSON.parse(new TextDecoder().decode(body));
  expect(models[0]).toMatchObject({
    name: 'models/gemini-3-pro',
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
  });
  expect(models[1].supportedGenerationMethods).toContain('embedContent');
});
