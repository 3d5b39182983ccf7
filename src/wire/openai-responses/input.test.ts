import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestObject } from '../framing/fields.ts';
import { INPUT_WATCH, readInput } from './input.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const bodyOf = (input: unknown) => JSON.stringify({ model: 'gpt-5.2', input });
const read = (input: unknown, model = 'gpt-5.2') =>
  readInput(RequestObject.ofBody(bytesOf(bodyOf(input)), INPUT_WATCH), model);
const user = (...content: readonly object[]) => [{ role: 'user', content }];
const png = `data:image/png;base64,${'A'.repeat(300_000)}`;

describe('the input of a response', () => {
  it('that is text is bounded by its bytes', () => {
    for (const input of [
      'héllo',
      user({ type: 'input_text', text: '你好' }),
      [{ type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'x' }], encrypted_content: 'AAAA' }],
    ]) {
      expect(read(input)).toEqual({
        tokensMost: bytesOf(bodyOf(input)).length,
        unseen: false,
        mayHoldAudio: false,
        mayHoldImages: false,
      });
    }
  });

  it('is bounded by no less than the bytes of its text, whatever it says', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
        const input = texts.map((text) => ({ role: 'user', content: [{ type: 'input_text', text }] }));
        const bytes = texts.reduce((sum, text) => sum + bytesOf(text).length, 0);
        expect(read(input).tokensMost).toBeGreaterThan(bytes);
      }),
    );
  });

  it.each([
    ['in a message', user({ type: 'input_image', image_url: png })],
    [
      'in what a function gave',
      [{ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_image', image_url: png }] }],
    ],
    [
      'of a screen',
      [{ type: 'computer_call_output', call_id: 'c', output: { type: 'computer_screenshot', image_url: png } }],
    ],
  ])('counts an image %s by the dearest it can become, not by its bytes', (_, input) => {
    const rest = bodyOf(input).length - png.length - 2;
    expect(read(input)).toMatchObject({ tokensMost: rest + 24_600, unseen: false, mayHoldImages: true });
    expect(read(input, 'gpt-4o-mini').tokensMost).toBe(rest + 48_169);
  });

  it('counts images that are elsewhere, or were drawn before', () => {
    for (const input of [
      user({ type: 'input_image', image_url: 'https://a.example/b.png' }),
      user({ type: 'input_image', file_id: 'file_1' }),
      [{ type: 'image_generation_call', id: 'ig_1', status: 'completed', result: 'AAAA' }],
    ]) {
      expect(read(input)).toMatchObject({
        tokensMost: bodyOf(input).length + 24_600,
        unseen: false,
        mayHoldImages: true,
      });
    }
  });

  it('takes nothing off for text that only looks like an image', () => {
    for (const input of [
      png,
      user({ type: 'input_text', text: png }),
      [{ type: 'function_call_output', call_id: 'c', output: png }],
      [{ type: 'function_call', name: 'f', arguments: JSON.stringify({ image_url: png }) }],
      user({ type: 'input_text', text: 'x', detail: { image_url: png } }),
    ]) {
      expect(read(input).tokensMost).toBe(bodyOf(input).length);
    }
  });

  it.each([
    ['a file by id', user({ type: 'input_file', file_id: 'file_1' })],
    [
      'a file in it, whose pages nobody counts',
      user({ type: 'input_file', file_data: 'data:application/pdf;base64,AA' }),
    ],
    [
      'a file a function gave',
      [{ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_file', file_url: 'https://a.example' }] }],
    ],
    ['a kind of part that is not known', user({ type: 'input_hologram' })],
    ['an item by its id', [{ type: 'item_reference', id: 'msg_1' }]],
    ['an item by its id that does not say so', [{ role: 'user', content: 'x' }, { id: 'msg_1' }]],
    ['an item by its id, of type null', [{ id: 'msg_1', type: null }]],
  ])('cannot be seen for %s', (_, input) => expect(read(input).unseen).toBe(true));

  it('is seen where its items only carry their ids', () => {
    expect(
      read([
        { id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text: 'x' }] },
        { id: 'fc_1', type: 'function_call', arguments: '{}' },
      ]).unseen,
    ).toBe(false);
  });

  it('knows audio', () => {
    expect(read(user({ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }))).toMatchObject({
      mayHoldAudio: true,
      unseen: false,
    });
  });
});
