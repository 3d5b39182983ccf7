/**
 * Readers of fields. Requests are read strictly, since what is priced must be what the provider reads: a field given
 * twice, or spelled in another case, is refused by name. Answers are read tolerantly: what is not there counts as none.
 */
import { type Refused, refused } from '../../core/errors.ts';
import {
  isNullAt,
  isObjectAt,
  isString,
  type JsonMember,
  type JsonSpan,
  type ScannedObject,
  scanArray,
  scanObject,
  stringAt,
  type Watch,
} from './json-scan.ts';

/** An object of a request; `null` members read as absent. Reading throws `Refused(invalid)` naming the field. */
export class RequestObject {
  readonly bytes: Uint8Array;
  readonly scanned: ScannedObject;
  readonly #path: string;
  readonly #byFold = new Map<string, JsonMember[]>();

  private constructor(bytes: Uint8Array, scanned: ScannedObject, path: string) {
    this.bytes = bytes;
    this.scanned = scanned;
    this.#path = path;
    for (const member of scanned.members) {
      const fold = folded(member.key);
      const same = this.#byFold.get(fold);
      if (same) same.push(member);
      else this.#byFold.set(fold, [member]);
    }
  }

  /** The object that a whole body is. Throws `Refused(invalid)` as `scanObject` does. */
  static ofBody(bytes: Uint8Array, watch?: Watch): RequestObject {
    return new RequestObject(bytes, scanObject(bytes, undefined, watch), '');
  }

  /** The object at `span`, which an earlier scan of `bytes` has met; `name` is what a refusal calls it. */
  static at(bytes: Uint8Array, span: JsonSpan, name: string): RequestObject {
    return new RequestObject(bytes, scanObject(bytes, span), `${name}.`);
  }

  /**
   * The member of this name, or of another of its `spellings` (`max_output_tokens` beside `maxOutputTokens`).
   * Refuses one that is there twice, under two spellings, or in a spelling that only a lax reader would take for it.
   */
  member(name: string, ...spellings: readonly string[]): JsonMember | undefined {
    const found = new Set([name, ...spellings].flatMap((each) => this.#byFold.get(folded(each)) ?? []));
    const [first, second] = found;
    if (!first) return undefined;
    if (second) throw this.wrong(name, 'is given more than once');
    if (first.key !== name && !spellings.includes(first.key)) {
      throw this.wrong(name, `is spelled ${JSON.stringify(first.key)}`);
    }
    return isNullAt(this.bytes, first.value) ? undefined : first;
  }

  has(name: string, ...spellings: readonly string[]): boolean {
    return this.member(name, ...spellings) !== undefined;
  }

  /** A whole number of at least `least`, written in digits only (`1e3`, `1.0` and `"1"` are refused). */
  integer(least: number, name: string, ...spellings: readonly string[]): number | undefined {
    const text = this.json(name, ...spellings);
    if (text === undefined) return undefined;
    const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw this.wrong(name, `must be a whole number of at least ${least}`);
  }

  text(name: string, ...spellings: readonly string[]): string | undefined {
    const member = this.member(name, ...spellings);
    if (!member) return undefined;
    if (!isString(this.bytes, member.value)) throw this.wrong(name, 'must be a string');
    return stringAt(this.bytes, member.value);
  }

  flag(name: string, ...spellings: readonly string[]): boolean | undefined {
    const text = this.json(name, ...spellings);
    if (text === undefined || text === 'true' || text === 'false') return text && text === 'true';
    throw this.wrong(name, 'must be true or false');
  }

  object(name: string, ...spellings: readonly string[]): RequestObject | undefined {
    const member = this.member(name, ...spellings);
    if (!member) return undefined;
    if (!isObjectAt(this.bytes, member.value)) throw this.wrong(name, 'must be an object');
    return RequestObject.at(this.bytes, member.value, `${this.#path}${name}`);
  }

  /** The elements of an array of objects; none when it is absent. */
  objects(name: string, ...spellings: readonly string[]): readonly RequestObject[] {
    const member = this.member(name, ...spellings);
    if (!member) return [];
    if (this.bytes[member.value.start] !== ARRAY_FIRST) throw this.wrong(name, 'must be an array');
    return scanArray(this.bytes, member.value).map((span, i) => {
      if (!isObjectAt(this.bytes, span)) throw this.wrong(`${name}[${i}]`, 'must be an object');
      return RequestObject.at(this.bytes, span, `${this.#path}${name}[${i}]`);
    });
  }

  /** The member's own JSON text; `undefined` when absent or null. */
  json(name: string, ...spellings: readonly string[]): string | undefined {
    const member = this.member(name, ...spellings);
    return member && TEXT.decode(this.bytes.subarray(member.value.start, member.value.end));
  }

  /** A refusal that names a field of this object. */
  wrong(name: string, what: string): Refused {
    return refused('invalid', `${this.#path}${name} ${what}.`, {
      problems: [{ pointer: `/${this.#path}${name}`.replace(/[.[]/g, '/').replaceAll(']', ''), message: what }],
    });
  }
}

/** A JSON object of an answer. */
export type AnswerObject = Readonly<Record<string, unknown>>;

/** Parses bytes of an answer; `undefined` when they are not a JSON object. */
export function answerObject(bytes: Uint8Array): AnswerObject | undefined {
  try {
    return objectIn(JSON.parse(TEXT.decode(bytes)));
  } catch {
    return undefined;
  }
}

/** The value as an object; `undefined` for anything else, arrays included. */
export function objectIn(value: unknown): AnswerObject | undefined {
  return isObject(value) ? value : undefined;
}

/** The objects of an array; none when it is no array. */
export function objectsIn(value: unknown): readonly AnswerObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A count of an answer: a non-negative safe integer; `undefined` for anything else. */
export function countIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The UTF-8 bytes of a text of an answer; 0 when it is none. */
export function textBytes(value: unknown): number {
  return typeof value === 'string' ? ENCODER.encode(value).length : 0;
}

const ARRAY_FIRST = 0x5b;
const TEXT = new TextDecoder('utf-8');
const ENCODER = new TextEncoder();

/** What readers that ignore case or underscores would take for the same key. */
function folded(key: string): string {
  return key.toUpperCase().toLowerCase().replaceAll('_', '');
}

function isObject(value: unknown): value is AnswerObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
