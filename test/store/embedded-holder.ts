/** A process that holds an embedded database as Stipend does: prints where it is, and ends it on SIGTERM. */
import { startEmbedded } from '../../src/store/embedded/embedded.ts';

const say = (kind: string, text: string) => process.stdout.write(`${kind} ${text}\n`);

try {
  const embedded = await startEmbedded({
    dataDir: String(process.argv[2]),
    log: (line) => say('log', line),
    onTakenOver: (cause) => say('taken', String(cause)),
  });
  process.on('SIGTERM', () => void embedded.stop());
  say('ready', embedded.connection);
} catch (cause) {
  say('refused', cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
}
