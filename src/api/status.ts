/** What operators' machines ask: is it alive, can it serve, how does it do. No user appears in a label. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Measures } from '../app/ports.ts';

export interface StatusPorts {
  /** Whether the store answers now. */
  readonly ready: () => Promise<boolean>;
  readonly openCalls: () => number;
}

export interface Status {
  readonly measures: Measures;
  readonly handlers: Readonly<Record<'/healthz' | '/readyz' | '/metrics', StatusHandler>>;
}

type StatusHandler = (request: IncomingMessage, response: ServerResponse) => void;

function text(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

/** `/healthz`: the process lives. `/readyz`: it can hold and settle. `/metrics`: Prometheus text. */
export function createStatus({ ready, openCalls }: StatusPorts): Status {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register, prefix: 'stipend_' });
  const calls = new Counter({
    name: 'stipend_calls_total',
    help: 'Calls that were let through, by wire and how they ended.',
    labelNames: ['wire', 'ending'],
    registers,
  });
  const refusals = new Counter({
    name: 'stipend_refusals_total',
    help: 'Calls that were refused, by wire and reason.',
    labelNames: ['wire', 'code'],
    registers,
  });
  new Gauge({
    name: 'stipend_open_calls',
    help: 'Calls in flight in this process.',
    registers,
    collect() {
      this.set(openCalls());
    },
  });
  const metrics = async (response: ServerResponse) => {
    text(response, 200, await register.metrics(), register.contentType);
  };
  return {
    measures: {
      called: (wire, ending) => calls.inc({ wire, ending }),
      refused: (wire, code) => refusals.inc({ wire, code }),
    },
    handlers: {
      '/healthz': (_request, response) => text(response, 200, 'ok\n'),
      '/readyz': (_request, response) => {
        ready().then(
          (yes) => text(response, yes ? 200 : 503, yes ? 'ready\n' : 'the store does not answer\n'),
          () => text(response, 503, 'the store does not answer\n'),
        );
      },
      '/metrics': (_request, response) => {
        metrics(response).catch(() => response.destroy());
      },
    },
  };
}
