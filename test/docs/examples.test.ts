/** Runs the commands of the examples' READMEs as they are written there, against the handlers in this process. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createProgram } from '../../cli/program.ts'
import { serveDoors } from '../functions/serve-doors.ts'
import { openTrainingService, type TrainingService } from '../functions/training-service.ts'

const root = join(import.meta.dirname, '..', '..')
/**
 * What a search is cut to, so that `npm test` stays short; `npm run test:all` searches as the README says. Two of the four
 * still choose among all algorithms.
 */
const cutOf = (example: string): readonly string[] => {
  if (process.env.PERCALL_LONG) return []
  return ['--budget', '2s', ...(example === 'multiclass' || example === 'time' ? ['--algo', 'logistic'] : [])]
}

let service: TrainingService
let served: Awaited<ReturnType<typeof serveDoors>>
beforeAll(async () => {
  service = await openTrainingService()
  served = await serveDoors(service.doors)
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
})
afterAll(async () => {
  await served.close()
  await service.close()
})

/** The words of a line of a shell that has no other quotes than '...'. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')

const commandsOf = (example: string): readonly (readonly string[])[] => {
  const markdown = readFileSync(join(root, 'examples', example, 'README.md'), 'utf8')
  const blocks = [...markdown.matchAll(/^```sh\n(.*?)^```/gms)].map(([, text = '']) => text)
  return blocks.join('').trimEnd().split('\n').map(wordsOf)
}

/** Runs a command and answers what it prints. */
const run = async (example: string, [npx, name, ...words]: readonly string[]): Promise<unknown> => {
  expect([npx, name]).toEqual(['npx', 'percall'])
  const more = words[0] === 'train' ? cutOf(example) : []
  const where = ['--json', '--url', served.url, '--key', service.doors.owner]
  const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    await createProgram(true).parseAsync([...words, ...more, ...where], { from: 'user' })
    return JSON.parse(String(printed.mock.lastCall?.[0]))
  } finally {
    printed.mockRestore()
  }
}

const above = (metric: string, least: number) => ({
  metrics: { [metric]: expect.toSatisfy((value: number) => value > least, `more than ${least}`) },
})
const passed = { state: 'succeeded', promoted: true, gate: { verdict: 'passed' } }
const labelled = (label: string) => ({ predictions: [{ label, probabilities: expect.anything() }] })

// Guessing has a ROC AUC of .5; the commonest of three species is 44 %, of three eras 36 %.
test.for<[string, readonly object[]]>([
  ['binary', [passed, above('rocAuc', 0.6)]],
  ['multiclass', [passed, above('accuracy', 0.95), labelled('Gentoo')]],
  ['text', [passed, above('accuracy', 0.6), labelled('after 1945')]],
  ['time', [passed, labelled('rain')]],
])('the commands of examples/%s -> a version that passed its gate, and its answers', async ([example, answers]) => {
  const printed: unknown[] = []
  for (const command of commandsOf(example)) printed.push(await run(example, command))
  expect(printed).toMatchObject(answers)
})
