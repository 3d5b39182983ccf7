import { expect, it } from 'vitest';
import { instant } from '../../core/time/instant.ts';
import { providerSettings } from './provider-settings.ts';

const configured = {
  providers: {
    anthropic: { baseUrl: 'https://api.anthropic.com' },
    openai: { baseUrl: 'https://openai.example/v1', apiKey: 'configured' },
    gemini: { baseUrl: 'https://gemini.example', apiKey: 'configured' },
  },
  allowPrivate: false,
};

it('a kept credential counts over the configured one, and with neither the sandbox serves', () => {
  const kept = [{ provider: 'gemini' as const, apiKey: 'stored', changedAt: instant(1) }];
  expect(providerSettings(configured, kept)).toEqual([
    { name: 'anthropic', baseUrl: 'https://api.anthropic.com', from: 'none' },
    { name: 'openai', baseUrl: 'https://openai.example/v1', from: 'configured', apiKey: 'configured' },
    { name: 'gemini', baseUrl: 'https://gemini.example', from: 'stored', apiKey: 'stored', changedAt: 1 },
  ]);
});

it('a kept base URL counts over the configured one', () => {
  const kept = [
    { provider: 'openai' as const, apiKey: 'stored', baseUrl: 'https://proxy.example/v1', changedAt: instant(1) },
  ];
  expect(providerSettings(configured, kept)[1]?.baseUrl).toBe('https://proxy.example/v1');
});
