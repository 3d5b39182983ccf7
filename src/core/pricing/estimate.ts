/** What an answer without a usage report used: counted from the bytes that were sent and delivered. */
import type { CallDemand } from './demand.ts';
import { type MeteredCall, NO_USAGE, type TokenUsage, type UsageLine } from './usage.ts';

/** What was passed on of an answer. */
export interface Delivered {
  /** UTF-8 bytes of generated text, thinking and tool arguments. */
  readonly outputBytes: number;
  /** Bytes of generated binary (audio, images), undecoded. */
  readonly mediaBytes: number;
}

const NOTHING_DELIVERED: Delivered = { outputBytes: 0, mediaBytes: 0 };

/**
 * UTF-8 bytes that make one token of text. Measured with OpenAI's o200k_base: English prose 4 to 4.5, Chinese 3.4,
 * emoji 4.8, dense code 1.9. Three is below prose, so that the estimate is not short of what was used there, and not
 * so low that a broken answer costs a person twice what a whole one would.
 */
const BYTES_PER_TOKEN = 3;

/**
 * Bytes of generated media that make one token. Gemini generates 25 tokens per second of audio (48,000 bytes as 24 kHz
 * 16-bit PCM) and about 1,290 for an image of some 1.5 MB: 1,920 and 1,160 bytes a token, so a thousand charges neither
 * short. Source: ai.google.dev/gemini-api/docs/tokens and /image-generation.
 */
const MEDIA_BYTES_PER_TOKEN = 1_000;

function tokensOf(bytes: number, bytesPerToken: number): number {
  return Math.ceil(bytes / bytesPerToken);
}

/** Generated tokens by what was delivered, within what could be generated at all. */
function deliveredOutput(demand: CallDemand, delivered: Delivered): Pick<TokenUsage, 'output' | MediaClass> {
  const most = demand.outputLimit === undefined ? Number.MAX_SAFE_INTEGER : demand.outputLimit * demand.candidates;
  const output = Math.min(most, tokensOf(delivered.outputBytes, BYTES_PER_TOKEN));
  const media = Math.min(most - output, tokensOf(delivered.mediaBytes, MEDIA_BYTES_PER_TOKEN));
  const audio = demand.outputMayHoldAudio;
  return { output, outputAudio: audio ? media : 0, outputImage: audio ? 0 : media };
}

type MediaClass = 'outputAudio' | 'outputImage';

function withOutput(usage: TokenUsage, output: Pick<TokenUsage, 'output' | MediaClass>): TokenUsage {
  return {
    ...usage,
    output: Math.max(usage.output, output.output),
    outputAudio: Math.max(usage.outputAudio, output.outputAudio),
    outputImage: Math.max(usage.outputImage, output.outputImage),
  };
}

/** The one line of a call about which nothing was reported: its input, fresh. */
function unreportedLine(demand: CallDemand): UsageLine {
  const input = Math.max(1, tokensOf(demand.inputTokensMost, BYTES_PER_TOKEN));
  return { model: demand.model, usage: { ...NO_USAGE, input }, contextTokens: input };
}

/**
 * What a call certainly used whose answer ended without its usage report: what was reported so far (input and cache, on
 * Anthropic's first event) and beside it the output counted from what was delivered, whichever is more. Where nothing
 * was reported the input is counted from the request's bytes, as fresh input. Never zero, and never input only when
 * output was delivered; hidden reasoning that nobody reported is not guessed at.
 */
export function estimateCall(
  demand: CallDemand,
  delivered: Delivered = NOTHING_DELIVERED,
  reported?: MeteredCall,
): MeteredCall {
  const output = deliveredOutput(demand, delivered);
  const lines = reported?.lines ?? [];
  const last = lines.at(-1) ?? unreportedLine(demand);
  const tier = reported?.serviceTier ?? demand.serviceTier;
  const geography = reported?.geography ?? demand.geography;
  return {
    lines: [...lines.slice(0, -1), { ...last, usage: withOutput(last.usage, output) }],
    toolUses: reported?.toolUses ?? {},
    ...(tier === undefined ? {} : { serviceTier: tier }),
    fast: reported?.fast ?? demand.fast,
    ...(geography === 'us' ? { geography } : {}),
  };
}
