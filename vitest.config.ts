import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// What workers and the processes of tests load (the AWS SDK, the CDK, the command line) is compiled once, not in each file.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules', '.cache', 'tests')

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/setup.ts'],
    // Handlers that a test calls in its own process write their lines past vitest; the tests of those lines ask for them.
    // The CDK's own validation of templates takes 6 s of a processor at each synthesis: `npm run check` does it once.
    env: { POWERTOOLS_LOG_LEVEL: 'SILENT', CDK_VALIDATION: 'false' },
    // The journeys start real processes; two cores serve two files at a time.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
