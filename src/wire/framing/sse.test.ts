import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SSE_EVENT_BYTES_MOST, type SsePiece, SseReader } from './sse.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

function readAll(chunks: readonly Uint8Array[], reader = new SseReader()): readonly SsePiece[] {
  const pieces = chunks.flatMap((chunk) => reader.push(chunk));
  const last = reader.end();
  return last ? [...pieces, last] : pieces;
}

const events = (pieces: readonly SsePiece[]) =>
  pieces.flatMap(({ event, data }) => (data ? [{ event, data: textOf(data) }] : []));
const passed = (pieces: readonly SsePiece[]) => Buffer.concat(pieces.map(({ raw }) => raw)).toString('latin1');

function cut(bytes: Uint8Array, at: readonly number[]): readonly Uint8Array[] {
  const places = [0, ...at.map((each) => each % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end));
}

const line = fc.oneof(
  fc.constantFrom(
    '',
    'data',
    'data:',
    'data: x',
    'data:  y: z',
    'event: delta',
    'event:e',
    'id: 7',
    ': ping',
    'dat: a',
  ),
  fc.string({ unit: 'grapheme' }).map((text) => `data: ${text.replace(/[\r\n]/g, '')}`),
);
const stream = fc
  .tuple(fc.constantFrom('', '\ufeff'), fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r'))), fc.boolean())
  .map(([mark, lines, closed]) => `${mark}${lines.flat().join('')}${closed ? '\n\n' : ''}`);

/** The events of a whole text, line by line as the specification words it. */
function specified(text: string) {
  const found: { event: string; data: string }[] = [];
  let data: string[] = [];
  let event = '';
  for (const each of [...text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/), '']) {
    if (each === '') {
      if (data.length > 0) found.push({ event, data: data.join('\n') });
      data = [];
      event = '';
    }
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/su.exec(each) ?? [];
    if (name === 'data') data.push(value);
    if (name === 'event') event = value;
  }
  return found;
}

describe('a reader of server-sent events', () => {
  it('reads what the specification says, cut anywhere, and passes on every byte', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 12 }), (text, places) => {
        const pieces = readAll(cut(bytesOf(text), places));
        expect(events(pieces)).toEqual(specified(text));
        expect(passed(pieces)).toBe(Buffer.from(text).toString('latin1'));
      }),
      { numRuns: 1_000 },
    );
  });

  it('reads byte by byte what it reads whole', () => {
    const bytes = bytesOf(
      '\ufeffevent: a\r\ndata: é\r\ndata: 2\r\n\r\n: ping\n\ndata: {"b":"\u{1f600}"}\r\rdata: last',
    );
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
    expect(events(readAll(single))).toEqual([
      { event: 'a', data: 'é\n2' },
      { event: '', data: '{"b":"\u{1f600}"}' },
      { event: '', data: 'last' },
    ]);
    expect(events(readAll([bytes]))).toEqual(events(readAll(single)));
  });

  it('gives an event the moment its blank line is there', () => {
    const reader = new SseReader();
    expect(reader.push(bytesOf('data: 1\n'))).toHaveLength(0);
    expect(events(reader.push(bytesOf('\n')))).toEqual([{ event: '', data: '1' }]);
  });

  it('does not copy an event that lies within one chunk', () => {
    const chunk = bytesOf('data: 1\n\ndata: 2\n\n');
    for (const { raw, data } of new SseReader().push(chunk)) {
      expect(raw.buffer).toBe(chunk.buffer);
      expect(data?.buffer).toBe(chunk.buffer);
    }
  });

  it('does not rely on what becomes of a chunk after it was pushed', () => {
    const reader = new SseReader();
    const chunk = bytesOf('data: kept');
    reader.push(chunk);
    chunk.fill(0x78);
    expect(events(reader.push(bytesOf('\n\n')))).toEqual([{ event: '', data: 'kept' }]);
  });

  it('keeps pieces it has given out as they were when more arrives', () => {
    const reader = new SseReader();
    reader.push(bytesOf('data: fir'));
    const [first] = reader.push(bytesOf('st\n\ndata: se'));
    reader.push(bytesOf('cond, and much longer than the first was\n\n'));
    expect(textOf(first?.raw ?? bytesOf(''))).toBe('data: first\n\n');
  });

  it.each([1, 7, 64, 1_000])(
    'passes an event over its limit on unread, in chunks of %i, and reads the next',
    (size) => {
      const text = `data: small\n\nevent: big\ndata: ${'x'.repeat(200)}\ndata: y\n\nevent: next\ndata: z\n\n`;
      const bytes = bytesOf(text);
      const places = Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => (i + 1) * size);
      const pieces = readAll(cut(bytes, places), new SseReader(64));
      expect(passed(pieces)).toBe(text);
      expect(events(pieces).map(({ data }) => data)).toContain('small');
      expect(events(pieces).at(-1)).toEqual({ event: 'next', data: 'z' });
      if (size < 200) expect(events(pieces)).toHaveLength(2);
    },
  );

  it('holds no more than its limit of an endless event', () => {
    const reader = new SseReader();
    const chunk = new Uint8Array(65_536).fill(0x61);
    let out = 0;
    for (let i = 0; i < 160; i++) for (const { raw } of reader.push(chunk)) out += raw.length;
    expect(160 * chunk.length - out).toBeLessThanOrEqual(SSE_EVENT_BYTES_MOST);
  });
});
