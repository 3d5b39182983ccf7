import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { pageOf } from '../../contract/page.ts';
import {
  newPriceOverride,
  type PriceOverride,
  priceOverride,
  priceSheet,
  priceSheets,
} from '../../contract/price-sheet.ts';
import { providerName } from '../../contract/provider.ts';
import { nano, parseDollars } from '../../core/money/amount.ts';
import { readCount, readDate, today } from '../arguments.ts';
import { CommandFailure, EXIT } from '../exit.ts';
import { printList } from '../output/list.ts';
import { showCount, showMoney } from '../output/money.ts';
import { pairs, table } from '../output/table.ts';
import type { Session } from '../session.ts';
import { listLimit, type Shell } from '../shell.ts';

const priceOverrides = pageOf(priceOverride);

export function addPriceCommands(program: Command, shell: Shell): void {
  const noun = program.command('price').description('price sheets, and what you change of them');

  noun
    .command('list')
    .description('list price sheets')
    .action(async (_options: object, command: Command) => {
      const session = shell(command);
      printList(session, await session.api('admin').get(priceSheets, '/price-sheets'), {
        columns: [{ title: 'Sheet' }, { title: 'From' }, { title: 'Models', align: 'decimal' }, { title: 'In force' }],
        row: (each) => [each.id, each.effectiveOn, showCount(each.models), each.inForce ? 'yes' : ''],
        none: 'No price sheet.',
      });
    });

  noun
    .command('show')
    .description('show a price sheet’s standard rates; --json has them all')
    .argument('[sheet]', 'its id, or `current` for the one in force', 'current')
    .option('--model <text>', 'only models whose name holds this')
    .action(async (id: string, options: { model?: string }, command: Command) => {
      const session = shell(command);
      const api = session.api('admin');
      const found = await api.get(priceSheet, `/price-sheets/${encodeURIComponent(id)}`);
      const models = found.models.filter(({ model }) => model.includes(options.model ?? ''));
      session.print({ ...found, models }, () => showModels(models));
    });

  addOverrideCommands(noun, shell);
}

function addOverrideCommands(noun: Command, shell: Shell): void {
  noun
    .command('override')
    .description(
      'propose other prices for a model, as the API’s POST /price-overrides takes them; another admin approves',
    )
    .argument('<file>', 'a JSON file')
    .action(async (file: string, _options: object, command: Command) => {
      const session = shell(command);
      await propose(session, readOverride(resolve(session.io.cwd, file)));
    });

  noun
    .command('admit')
    .description('propose ceiling prices for a model that no sheet knows yet; another admin approves')
    .addArgument(new Argument('<provider>', 'whose model it is').choices(providerName.options))
    .argument('<model>', 'its exact id')
    .requiredOption('--input <dollars>', 'for a million input tokens, at most', readRate)
    .requiredOption('--output <dollars>', 'for a million output tokens, at most', readRate)
    .requiredOption('--context-most <tokens>', 'its context window', readCount(1, 100_000_000))
    .requiredOption('--output-most <tokens>', 'the longest output it gives', readCount(1, 100_000_000))
    .requiredOption('--reason <text>', 'why, and where the prices are from')
    .option('--effective-on <date>', 'the first day (default: today in UTC)', readDate)
    .action(async (provider: string, model: string, options: AdmitOptions, command: Command) => {
      await propose(shell(command), {
        provider,
        model,
        contextTokensMost: options.contextMost,
        outputTokensMost: options.outputMost,
        rates: [{ perToken: { input: options.input, output: options.output } }],
        provisional: true,
        effectiveOn: options.effectiveOn ?? today(),
        reason: options.reason,
      });
    });

  noun
    .command('overrides')
    .description('list proposed and approved overrides')
    .addOption(listLimit())
    .action(async ({ limit }: { limit: number }, command: Command) => {
      const session = shell(command);
      printList(
        session,
        await session.api('admin').list<PriceOverride>(priceOverrides, '/price-overrides', {}, limit),
        {
          columns: [
            { title: 'Model' },
            { title: 'From' },
            { title: 'State' },
            { title: 'Proposed by' },
            { title: 'Id' },
          ],
          row: (each) => [each.prices.model, each.effectiveOn, each.state, each.proposedBy, each.id],
          none: 'No override yet: the price sheets hold as they are.',
        },
      );
    });

  for (const [verb, done] of [
    ['approve', 'Approved'],
    ['withdraw', 'Withdrew'],
  ] as const) {
    noun
      .command(verb)
      .description(verb === 'approve' ? 'approve an override that another admin proposed' : 'withdraw an override')
      .argument('<override>', 'its id')
      .action(async (id: string, _options: object, command: Command) => {
        const session = shell(command);
        const path = `/price-overrides/${encodeURIComponent(id)}/${verb}`;
        const decided = await session.api('admin').post(priceOverride, path, {});
        session.print(decided, () => `${done} the prices of ${decided.prices.model} from ${decided.effectiveOn}.`);
      });
  }
}

interface AdmitOptions {
  readonly input: number;
  readonly output: number;
  readonly contextMost: number;
  readonly outputMost: number;
  readonly reason: string;
  readonly effectiveOn?: string;
}

async function propose(session: Session, asked: object): Promise<void> {
  const proposed = await session.api('admin').post(priceOverride, '/price-overrides', asked);
  session.print(proposed, () =>
    pairs([
      ['proposed', `${proposed.prices.model} from ${proposed.effectiveOn}`],
      ['next', `another admin runs \`stipend price approve ${proposed.id}\``],
    ]),
  );
}

function readOverride(path: string): object {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new CommandFailure(EXIT.usage, `${path} cannot be read as JSON.`, { cause });
  }
  const read = newPriceOverride.safeParse(document);
  if (read.success) return read.data;
  const [first] = read.error.issues;
  throw new CommandFailure(
    EXIT.usage,
    `${path}: ${first?.path.join('/') ?? ''}: ${first?.message ?? 'is not an override'}.`,
  );
}

/** Dollars for a million tokens into the whole pico-dollars for one that sheets are written in. */
function readRate(text: string): number {
  const perMillion = parseDollars(text);
  if (perMillion === undefined || perMillion < 0n || perMillion % 1_000n !== 0n || perMillion > 1_000_000_000_000n) {
    throw new InvalidArgumentError('This is no price in dollars for a million tokens, such as 5 or 0.075.');
  }
  return Number(perMillion / 1_000n);
}

function showModels(
  models: readonly { model: string; provisional: boolean; rates: readonly StandardRate[] }[],
): string {
  const classes = ['input', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'output'] as const;
  const rows = models.map(({ model, provisional, rates }) => {
    const base = rates.find(
      (rate) => rate.tier === 'standard' && rate.contextAbove === 0 && !rate.fast && rate.geography === 'any',
    );
    const prices = classes.map((each) => {
      const pico = base?.perToken[each];
      // Pico-dollars for one token are micro-dollars for a million: a thousand nano-dollars each.
      return pico === undefined ? '' : showMoney(nano(BigInt(pico) * 1_000n));
    });
    return [provisional ? `${model} (provisional)` : model, ...prices];
  });
  const columns = [
    { title: 'Model, $ per million' },
    ...classes.map((title) => ({ title, align: 'decimal' as const })),
  ];
  return table(columns, rows);
}

interface StandardRate {
  readonly tier: string;
  readonly contextAbove: number;
  readonly fast: boolean;
  readonly geography: string;
  readonly perToken: Readonly<Record<string, number>>;
}
