import { expect, it } from 'vitest';
import { findings, projectFiles } from './files.ts';

/**
 * Words that GLOSSARY.md gives up for one of ours, with the places where another's protocol or tool uses them in its
 * own sense. Words of its "not" column that are ordinary English too (lock, remaining, user) are left to the reader.
 */
const RETIRED: Readonly<Record<string, RegExp>> = {
  wallet: /never/,
  quota: /insufficient_quota|QuotaFailure|quota_exceeded|per-day quota/,
  bucket: /buckets: \[/,
  lot: /\ba lot\b/,
  drawdown: /never/,
  reservation: /never/,
  refund: /never/,
  capture: /\bcapture: true|named capture/,
};

/** The "not" column itself, and the list above. */
const EXCEPT = /^(GLOSSARY\.md|test\/tidy\/words\.test\.ts)$/;

const written = projectFiles(/\.(ts|mjs|md|sql|yaml)$/).filter((path) => !EXCEPT.test(path));

it.each(Object.entries(RETIRED))('nothing of ours is called %s', (word, allowed) => {
  const capital = word.replace(/^./, (letter) => letter.toUpperCase());
  // As a word in prose, and as a part of a name: walletId, openWallet, WALLET_ID.
  const pattern = new RegExp(
    `(?<![A-Za-z])${word}s?(?![a-z])|(?<![A-Z])${capital}s?(?![a-z])|(?<![A-Z])${word.toUpperCase()}S?(?![A-Za-z])`,
  );
  expect(findings(written, pattern).filter((finding) => !allowed.test(finding))).toEqual([]);
});

it('prompt_tokens and its kin are words of the providers, and stay where their protocols are spoken', () => {
  const ours = projectFiles(/^src\/(?!wire\/|sandbox\/).*\.ts$/);
  expect(findings(ours, /\b(prompt|completion)_?tokens\b/i)).toEqual([]);
});
