import { Command } from 'commander';
import { addAdminCommands } from './commands/admin.ts';
import { addBalanceCommand } from './commands/balance.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addConnectCommand } from './commands/connect.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addGrantCommands } from './commands/grant.ts';
import { addKeyCommands } from './commands/key.ts';
import { addLedgerCommands } from './commands/ledger.ts';
import { addPersonCommands } from './commands/person.ts';
import { addPoolCommands } from './commands/pool.ts';
import { addPriceCommands } from './commands/price.ts';
import { addProviderCommands } from './commands/provider.ts';
import { addServiceCommands } from './commands/service.ts';
import { addUsageCommand } from './commands/usage.ts';
import { DEFAULT_SERVER } from './session.ts';
import type { Shell } from './shell.ts';

const EPILOGUE = `
Environment: STIPEND_URL, STIPEND_KEY, STIPEND_ADMIN_KEY (or …_FILE, naming a file that holds it), NO_COLOR.
Exit codes: 0 done, 1 refused or found wrong, 2 could not tell, 64 the command line is wrong.`;

/** The whole command line; nothing runs until it is told to parse. */
export function buildProgram(shell: Shell): Command {
  const program = new Command('stipend')
    .description('AI token budgets as part of pay: grant, watch and connect them.')
    .option('--server <url>', `the Stipend server (default: STIPEND_URL, else ${DEFAULT_SERVER})`)
    .option('--key <key>', 'the key to use (default: STIPEND_ADMIN_KEY or STIPEND_KEY)')
    .option('--json', 'print one JSON document')
    .option('--yes', 'do not ask')
    .option('--idempotency-key <key>', 'a repeat with the same key has the first one’s effect and answer, and no other')
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', EPILOGUE);
  program
    .command('serve')
    .description('run the server: gateway, API and jobs; `npm start` does the same')
    .action((_options: object, command: Command) =>
      command.error('`stipend serve` is run by the `stipend` program itself'),
    );
  addDoctorCommand(program, shell);
  addConnectCommand(program, shell);
  addBalanceCommand(program, shell);
  addUsageCommand(program, shell);
  addPersonCommands(program, shell);
  addGrantCommands(program, shell);
  addKeyCommands(program, shell);
  addPoolCommands(program, shell);
  addServiceCommands(program, shell);
  addProviderCommands(program, shell);
  addPriceCommands(program, shell);
  addLedgerCommands(program, shell);
  addAdminCommands(program, shell);
  addCompletionCommand(program, shell);
  return program;
}
