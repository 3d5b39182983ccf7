/** What a running stream keeps of its request: nothing that is as large as the request was. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { UpstreamHandler } from '../../src/app/ports.ts';
import { startLoneGateway } from './lone-gateway.ts';
import { GENERATING } from './provider-words.ts';
import { ask } from './stage.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const LARGE = 4 * 1024 * 1024;

it.each(GENERATING)('a stream on %s lets its request’s bytes go once the answer has begun', async (_, words) => {
  const sent = Promise.withResolvers<{ body: WeakRef<Uint8Array>; handler: UpstreamHandler }>();
  const gateway = await startLoneGateway({
    sent: ({ body = new Uint8Array() }, handler) => sent.resolve({ body: new WeakRef(body), handler }),
  });
  const call = ask(gateway.url, { path: words.streamPath, key: 'k', body: words.body('x'.repeat(LARGE), true) });
  const { body, handler } = await sent.promise;
  handler.head(200, { 'content-type': 'text/event-stream' });
  handler.data(Buffer.from(words.start + words.delta('begun')));
  await call.seen('begun');
  collectGarbage();
  expect(body.deref()).toBeUndefined();
  await call.leave();
  gateway.stop();
});
