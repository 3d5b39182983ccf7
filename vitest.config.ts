import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    // A property that fails prints its seed; so does a run that is cut.
    reporters: ['default'],
  },
});
