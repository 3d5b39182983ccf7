/**
 * A plausible tokenizer: short words are one token, long ones several, numbers go by threes, and what is not a Latin
 * word goes by the character. It never counts more tokens than the text has UTF-8 bytes, as real ones do not.
 */
const TOKEN = / ?\p{Script=Latin}{1,7}| ?\p{N}{1,3}|\n+| {1,8}|[^\p{Script=Latin}\p{N}\n ]/gu;

/** The tokens of a text; joined, they are the text. */
export function tokensOf(text: string): readonly string[] {
  return text.match(TOKEN) ?? [];
}

/** How many tokens a text is. */
export function countTokens(text: string): number {
  let count = 0;
  for (const _token of text.matchAll(TOKEN)) count += 1;
  return count;
}

/** Words to fill an answer with, as many tokens as are asked for. */
export function fillerTokens(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => FILLER[i % FILLER.length] ?? ' ');
}

const FILLER = tokensOf(' The sandbox says a few words more, since it was asked to; each of them costs what it would.');
