/** Refusals as RFC 9457 problem details: the API's one way to say no. */
import { STATUS_CODES } from 'node:http';
import { toMoney } from '../contract/money.ts';
import type { Problem } from '../contract/problem.ts';
import { REFUSALS, type Refusal } from '../core/errors.ts';
import { formatInstant } from '../core/time/instant.ts';

export const PROBLEM_TYPE = 'application/problem+json';

export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly problem: Problem;
}

/** A refusal with its status and the headers that tell machines whether to come again. */
export function problemAnswer(refusal: Refusal, requestId: string): ProblemAnswer {
  const { status, retry } = REFUSALS[refusal.code];
  const { budget, problems, retryAfterSeconds } = refusal;
  const headers: Record<string, string> = { 'x-should-retry': String(retry === 'after') };
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds);
  return {
    status,
    headers,
    problem: {
      type: 'about:blank',
      title: STATUS_CODES[status] ?? refusal.code,
      status,
      code: refusal.code,
      detail: refusal.message,
      requestId,
      ...(problems === undefined ? {} : { problems: [...problems] }),
      ...(budget === undefined
        ? {}
        : {
            budget: {
              left: toMoney(budget.left),
              whereToAsk: budget.whereToAsk,
              ...(budget.renewsAt === undefined ? {} : { renewsAt: formatInstant(budget.renewsAt) }),
            },
          }),
    },
  };
}
