/**
 * Faults and sizes on demand, asked for by markers in the newest text: `[[sandbox: status 429 retry-after 2]]`.
 * A marker holds one directive or several with commas between; docs/guides/sandbox.md lists them for readers.
 */
import { Unacceptable } from './prompt.ts';

/** How a stream ends before its time, after so many of its events. */
export interface EarlyEnding {
  /** `reset`: the connection is torn. `cut`: it is closed in good order. `hang`: nothing more comes. `error`: an error event. */
  readonly kind: 'reset' | 'cut' | 'hang' | 'error';
  readonly afterEvents: number;
}

export interface Faults {
  /** Milliseconds before the answer's head. */
  readonly delayMs?: number;
  readonly tokensPerSecond?: number;
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly ending?: EarlyEnding;
  /** The head, and not one byte more. */
  readonly empty?: true;
  readonly noUsage?: true;
  readonly usageAboveLimit?: true;
  readonly halfUtf8?: true;
  readonly refuse?: true;
  readonly outputTokens?: number;
  readonly thinkingTokens?: number;
  /** One event of the answer carries this many megabytes of text. */
  readonly eventMegabytes?: number;
  readonly call?: { readonly name: string; readonly arguments?: string };
}

interface Directive {
  readonly form: RegExp;
  readonly read: (first: string, second: string | undefined) => Faults;
  /** The greatest number that its first word may be: a sandbox is part of the product and not to be exhausted. */
  readonly most?: number;
}

/** Bounded in length, so that a text of beginnings is read in one pass; arguments of a call may hold brackets. */
const MARKER = /\[\[sandbox:([\s\S]{0,500}?)\]\](?![\]}])/g;

const ending = (kind: EarlyEnding['kind']) => (events: string) => ({ ending: { kind, afterEvents: Number(events) } });

const DIRECTIVES: readonly Directive[] = [
  { form: /^delay (\d+) ?ms$/, most: 600_000, read: (ms) => ({ delayMs: Number(ms) }) },
  { form: /^slow (\d+) tokens\/s$/, most: 1_000_000, read: (rate) => ({ tokensPerSecond: Math.max(1, Number(rate)) }) },
  {
    form: /^status ([45]\d\d)(?: retry-after (\d+))?$/,
    read: (status, after) => ({
      status: Number(status),
      ...(after === undefined ? {} : { retryAfterSeconds: Number(after) }),
    }),
  },
  { form: /^(529)$/, read: () => ({ status: 529 }) },
  { form: /^reset after (\d+) events?$/, read: ending('reset') },
  { form: /^cut after (\d+) events?$/, read: ending('cut') },
  { form: /^hang after (\d+) events?$/, read: ending('hang') },
  { form: /^error event after (\d+) events?$/, read: ending('error') },
  { form: /^error event$/, read: () => ({ ending: { kind: 'error', afterEvents: 3 } }) },
  { form: /^hang$/, read: () => ({ ending: { kind: 'hang', afterEvents: 0 } }) },
  { form: /^empty$/, read: () => ({ empty: true }) },
  { form: /^no usage$/, read: () => ({ noUsage: true }) },
  { form: /^usage above limit$/, read: () => ({ usageAboveLimit: true }) },
  { form: /^half utf-8$/, read: () => ({ halfUtf8: true }) },
  { form: /^refuse$/, read: () => ({ refuse: true }) },
  { form: /^output (\d+) tokens?$/, most: 200_000, read: (count) => ({ outputTokens: Number(count) }) },
  { form: /^think (\d+) tokens?$/, most: 200_000, read: (count) => ({ thinkingTokens: Number(count) }) },
  { form: /^event (\d+) ?MB$/, most: 16, read: (megabytes) => ({ eventMegabytes: Number(megabytes) }) },
];

/** The faults that texts ask for; none when they hold no marker. Throws `Unacceptable` on a marker it does not know. */
export function faultsIn(texts: readonly string[]): Faults {
  let faults: Faults = {};
  for (const text of texts) {
    for (const [, marker = ''] of text.matchAll(MARKER)) {
      const call = /^\s*call ([\w.-]+)\s*(\{.*\})?\s*$/s.exec(marker);
      if (call?.[1]) {
        faults = { ...faults, call: { name: call[1], ...(call[2] === undefined ? {} : { arguments: call[2] }) } };
        continue;
      }
      for (const directive of marker.split(',')) faults = { ...faults, ...faultOf(directive.trim()) };
    }
  }
  return faults;
}

/** A text as its writer meant it for the model. */
export function withoutMarkers(text: string): string {
  return text.replaceAll(MARKER, '');
}

function faultOf(text: string): Faults {
  for (const { form, read, most } of DIRECTIVES) {
    const match = form.exec(text);
    if (!match) continue;
    const [, first = '', second] = match;
    if (most !== undefined && Number(first) > most) throw new Unacceptable(`sandbox: ${text}: at most ${most}`);
    return read(first, second);
  }
  throw new Unacceptable(`sandbox: no such marker: ${text}`);
}
