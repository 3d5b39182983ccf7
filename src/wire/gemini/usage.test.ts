import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../core/pricing/usage.ts';
import { groundingIn, meteredCall } from './usage.ts';

const usageOf = (usage: Record<string, unknown>, media?: 'audio' | 'images') =>
  meteredCall({ model: 'gemini-2.5-pro', usage, groundings: [], ...(media && { media }) }).lines[0]?.usage;
const toolUses = (model: string, ...metadata: Record<string, unknown>[]) =>
  meteredCall({ model, usage: {}, groundings: metadata.map(groundingIn) }).toolUses;

describe("an answer's usage", () => {
  it('has the cached tokens inside the prompt, and thoughts and tool results outside of what they belong to', () => {
    const { lines } = meteredCall({
      model: 'gemini-2.5-pro',
      usage: {
        promptTokenCount: 100,
        cachedContentTokenCount: 60,
        toolUsePromptTokenCount: 7,
        candidatesTokenCount: 11,
        thoughtsTokenCount: 20,
        totalTokenCount: 9_999,
      },
      groundings: [],
    });
    expect(lines).toEqual([
      {
        model: 'gemini-2.5-pro',
        usage: { ...NO_USAGE, input: 47, cacheRead: 60, output: 31, reasoning: 20 },
        contextTokens: 107,
      },
    ]);
  });

  it('takes audio and images apart, those from the cache left out', () => {
    const details = (AUDIO: number, IMAGE: number) => [
      { modality: 'AUDIO', tokenCount: AUDIO },
      { modality: 'IMAGE', tokenCount: IMAGE },
      { modality: 'TEXT', tokenCount: 1 },
    ];
    expect(
      usageOf({
        promptTokenCount: 100,
        cachedContentTokenCount: 30,
        toolUsePromptTokenCount: 5,
        promptTokensDetails: details(50, 20),
        cacheTokensDetails: details(25, 5),
        toolUsePromptTokensDetails: details(2, 3),
        candidatesTokenCount: 40,
        candidatesTokensDetails: details(4, 30),
        thoughtsTokenCount: 2,
      }),
    ).toEqual({
      ...NO_USAGE,
      input: 30,
      inputAudio: 27,
      inputImage: 18,
      cacheRead: 30,
      output: 8,
      outputAudio: 4,
      outputImage: 30,
      reasoning: 2,
    });
  });

  it('never makes a class negative, or the parts more than the whole', () =>
    expect(
      usageOf({
        promptTokenCount: 10,
        cachedContentTokenCount: 90,
        cacheTokensDetails: [{ modality: 'AUDIO', tokenCount: 90 }],
        candidatesTokenCount: 3,
        candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1_290 }],
      }),
    ).toEqual({ ...NO_USAGE, cacheRead: 10, outputImage: 3 }));

  it('takes output that is not told by modality as the media that was delivered', () => {
    expect(usageOf({ candidatesTokenCount: 9, thoughtsTokenCount: 1 }, 'images')).toMatchObject({
      outputImage: 9,
      output: 1,
    });
    expect(usageOf({ candidatesTokenCount: 9 }, 'audio')).toMatchObject({ outputAudio: 9, output: 0 });
  });

  it('counts nothing for what is missing', () => expect(usageOf({})).toEqual(NO_USAGE));

  it.each([
    [{ serviceTier: 'flex' }, 'flex'],
    [{ serviceTier: 'PRIORITY' }, 'priority'],
    [{ trafficType: 'ON_DEMAND_FLEX' }, 'flex'],
    [{ trafficType: 'ON_DEMAND' }, 'standard'],
    [{ trafficType: 'TRAFFIC_TYPE_UNSPECIFIED' }, undefined],
    [{}, undefined],
  ])('served as %j is the tier %s', (usage, tier) =>
    expect(meteredCall({ model: 'm', usage, groundings: [] }).serviceTier).toBe(tier),
  );
});

describe('grounding', () => {
  const two = { webSearchQueries: ['a', 'b', ''], groundingChunks: [{ web: {} }] };

  it('is billed by the query from Gemini 3 on, and by the prompt before', () => {
    expect(toolUses('gemini-3.1-pro-preview', two)).toEqual({ webSearch: 2 });
    expect(toolUses('gemini-10-pro', two, two)).toEqual({ webSearch: 4 });
    expect(toolUses('gemini-2.5-pro', two, two)).toEqual({ webSearch: 1 });
    expect(toolUses('gemini-flash-latest', two)).toEqual({ webSearch: 2 });
  });

  it('with results and no query told is one search; with neither, none', () => {
    expect(toolUses('gemini-3-pro', { groundingChunks: [{ web: {} }] })).toEqual({ webSearch: 1 });
    expect(toolUses('gemini-3-pro', { groundingChunks: [{ retrievedContext: {} }] })).toEqual({});
    expect(toolUses('gemini-3-pro', { webSearchQueries: [] })).toEqual({});
  });

  it('in maps is billed by the prompt', () =>
    expect(toolUses('gemini-3-pro', { groundingChunks: [{ maps: {} }, { maps: {} }] })).toEqual({ mapsGrounding: 1 }));

  it('in images counts its queries', () =>
    expect(toolUses('gemini-3-pro', { webSearchQueries: ['a'], imageSearchQueries: ['b'] })).toEqual({ webSearch: 2 }));
});
