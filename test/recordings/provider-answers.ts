/**
 * Answers that providers really gave, recorded by other projects under their licences. They lie beside the checkout in
 * `../shared/data/provider-answers`, not in it; index.json says of each what it reports.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const FOLDER = resolve(import.meta.dirname, '../../../shared/data/provider-answers');

/** Token counts as index.json has them: disjoint, but for reasoning, which lies inside output. */
export interface ExpectedUsage {
  readonly input_uncached: number;
  readonly cache_write_5m: number;
  readonly cache_write_1h: number;
  /** Writes of providers with one kind of them. */
  readonly cache_write_other: number;
  readonly cache_read: number;
  readonly output: number;
  readonly reasoning_in_output: number;
}

export interface RecordedAnswer {
  readonly file: string;
  readonly family: string;
  readonly stream: boolean;
  readonly http_status: number;
  readonly expected: {
    readonly model: string | null;
    readonly complete: boolean;
    readonly error: unknown;
    readonly usage: ExpectedUsage | null;
    readonly by_model?: readonly ({ readonly model: string } & ExpectedUsage)[] | null;
    readonly server_tools?: Readonly<Record<string, number>>;
  };
}

/** A request as it was recorded beside its answer. */
export interface RecordedRequest {
  readonly uri: string;
  readonly body: Uint8Array;
}

export const hasRecordings = existsSync(join(FOLDER, 'index.json'));

/** Every recorded answer; none where the folder is missing. */
export function recordedAnswers(): readonly RecordedAnswer[] {
  return hasRecordings ? JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8')) : [];
}

export function answerBytes(answer: RecordedAnswer): Uint8Array {
  return readFileSync(join(FOLDER, answer.file));
}

/** The request that was answered, where it was recorded. */
export function requestOf(answer: RecordedAnswer): RecordedRequest | undefined {
  const path = join(FOLDER, answer.file.replace(/\.(sse|json)$/, '.request.json'));
  if (!existsSync(path)) return undefined;
  const { uri, body } = JSON.parse(readFileSync(path, 'utf8'));
  return { uri, body: new TextEncoder().encode(JSON.stringify(body)) };
}
