import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // A property that fails prints its seed; so does a run that is cut.
    reporters: ['default'],
    projects: [
      { test: { name: 'rules', include: ['src/**/*.test.ts'] } },
      { test: { name: 'tidy', include: ['test/tidy/**/*.test.ts'] } },
      {
        // What runs on real servers. They are started once for the whole run.
        test: {
          name: 'store',
          include: ['test/{store,api,replicas}/**/*.test.ts'],
          globalSetup: ['test/store/servers.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // What needs no server of its own making: the sandbox, recorded answers, the command line, the whole product.
        test: {
          name: 'product',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, 'test/{tidy,store,api,replicas}/**', 'test/**/*.clients.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // The command line clients of the providers; `npm run test:clients`.
        test: {
          name: 'clients',
          include: ['test/**/*.clients.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
