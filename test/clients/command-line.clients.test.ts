import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { balanceOf, givePerson, type Running, startStipend } from '../stage/stipend.ts';
import { ask, CLIENTS, installTools } from './tools.ts';

let stipend: Running;

beforeAll(async () => {
  installTools();
  stipend = await startStipend();
}, 300_000);

afterAll(() => stipend.dispose());

/** How many calls this process has refused for this reason. */
async function refusals(code: string): Promise<number> {
  const text = await (await fetch(`${stipend.url}/metrics`)).text();
  const counts = [...text.matchAll(/^stipend_refusals_total\{[^}]*code="(\w+)"[^}]*\} (\d+)$/gm)];
  return counts.filter(([, each]) => each === code).reduce((sum, [, , count]) => sum + Number(count), 0);
}

describe.each(CLIENTS)('$title', (client) => {
  it('does a prompt, and the balance has it at once', { timeout: 200_000 }, async () => {
    const { personId, key } = await givePerson(stipend, '500.00');
    const { code, output } = await ask(client, { url: stipend.url, key }, 'say hi');
    expect(output).toMatch(/Stipend sandbox/i);
    expect(code).toBe(0);
    const { spent, held } = await balanceOf(stipend, personId);
    expect(spent).not.toBe('0.00');
    expect(held).toBe('0.00');
  });

  it('meets a spent budget once, and says so readably', { timeout: 200_000 }, async () => {
    const { personId, key } = await givePerson(stipend, '0.000001');
    const before = await refusals('budget_exhausted');
    const { output } = await ask(client, { url: stipend.url, key }, 'say hi');
    expect(output).toMatch(/budget/i);
    expect(output).toMatch(/To get more, ask/);
    expect((await refusals('budget_exhausted')) - before).toBe(1);
    expect(await balanceOf(stipend, personId)).toMatchObject({ spent: '0.00', held: '0.00' });
  });

  it('with a revoked key gets nothing and is charged nothing', { timeout: 200_000 }, async () => {
    const { personId, keyId, key } = await givePerson(stipend, '500.00');
    await stipend.api('DELETE', `/keys/${keyId}`);
    const before = await refusals('key_revoked');
    const { output } = await ask(client, { url: stipend.url, key }, 'say hi');
    expect(output).not.toMatch(/Stipend sandbox/i);
    expect(await refusals('key_revoked')).toBeGreaterThan(before);
    expect(await balanceOf(stipend, personId)).toMatchObject({ spent: '0.00', held: '0.00' });
  });
});
