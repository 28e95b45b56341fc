import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/longest-first.ts'
import { temporaryFolder } from './test/temporary.ts'

// What workers and the processes of tests load (the AWS SDK, the CDK, the command line) is compiled once, not in each file.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules', '.cache', 'tests')

// The folder itself is made and removed by test/setup.ts.
const temporary = temporaryFolder()
if (temporary !== undefined) process.env.TMPDIR = temporary

/**
 * Most tests leave nothing behind in their process: the next file of their project takes the worker over, with its modules
 * and what has been compiled (eleven files of handlers: 34.8 -> 17.8 s of a processor). Journeys start the whole service and
 * close it.
 */
const journeys = [
  'test/journey/**/*.test.ts',
  'test/cli/calls.test.ts',
  'test/cli/consumers.test.ts',
  'test/cli/model-columns.test.ts',
  'test/client/journey.test.ts',
  'test/docs/client.test.ts',
]
/** Load handlers, which read the environment once: test/functions/doors.ts has them loaded anew. */
const handlers = ['test/functions/*.test.ts', 'test/functions/{control,fuzz}/*.test.ts', 'test/docs/examples.test.ts']
/** What a process counts, and what it writes past vitest. */
const alone = ['test/functions/middleware/*.test.ts']

export default defineConfig({
  test: {
    globalSetup: ['test/setup.ts'],
    // Handlers that a test calls in its own process write their lines past vitest; the tests of those lines ask for them.
    // The CDK's own validation of templates takes 6 s of a processor at each synthesis: `npm run check` does it once.
    env: { POWERTOOLS_LOG_LEVEL: 'SILENT', CDK_VALIDATION: 'false' },
    // Journeys wait for the processes that they start: a third file fills two cores meanwhile.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // Ends what hangs and judges no speed: the same test took 4 s and 60 s on machines of one kind.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    teardownTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'journeys', include: journeys, isolate: false } },
      { extends: true, test: { name: 'handlers', include: handlers, isolate: false } },
      { extends: true, test: { name: 'alone', include: alone } },
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: [...journeys, ...handlers, ...alone],
          isolate: false,
        },
      },
    ],
  },
})
