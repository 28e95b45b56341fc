/** `npm run bench` runs every bench, `npm run bench -- NAME...` single ones or groups; then docs/performance.md is written. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readResults } from './measure/result.ts'
import { performanceText } from './performance-text.ts'

/** Benches in the order of the document, by group; `bench/{name}.ts` each. */
const groups: Readonly<Record<string, readonly string[]>> = {
  serving: [
    'predict-warm',
    'predict-binary',
    'isolation',
    'cold-start',
    'service',
    'network',
    'registered',
    'memory',
    'released',
    'evicted',
    'sizes',
    'cost',
  ],
  training: ['read', 'trees', 'linear', 'logistic', 'mlp', 'automatic', 'quality'],
  billing: ['leases', 'hours'],
  optimise: ['optimise'],
  explain: ['explain-trees', 'explain-network'],
  people: ['start'],
}

const all = Object.values(groups).flat()

const chosen = (words: readonly string[]): readonly string[] => {
  const unknown = words.find((word) => !all.includes(word) && !(word in groups))
  if (unknown !== undefined)
    throw new Error(`bench ${unknown}: expected one of ${[...Object.keys(groups), ...all].join(', ')}`)
  return words.length === 0 ? all : words.flatMap((word) => groups[word] ?? [word])
}

/** One that hangs is ended, and with it what it started: its children end when it does. */
const mostMs = (bench: string): number => longMs[bench] ?? 4 * 60_000
/** Sixty-eight fits of seconds; fourteen automatic runs of a minute and four fits a table: on a busy machine. A million rows are written first. */
const longMs: Readonly<Record<string, number>> = {
  trees: 15 * 60_000,
  automatic: 15 * 60_000,
  quality: 60 * 60_000,
  hours: 30 * 60_000,
}

/** Each bench is a process of its own: no other one's heap, compiled code or servers. */
const run = async (bench: string): Promise<boolean> => {
  console.log(`\n${bench}`)
  const child = spawn(process.execPath, [join(import.meta.dirname, `${bench}.ts`)], {
    stdio: 'inherit',
    timeout: mostMs(bench),
    killSignal: 'SIGKILL',
  })
  const [code] = await once(child, 'exit')
  return code === 0
}

const failed: string[] = []
for (const bench of chosen(process.argv.slice(2))) if (!(await run(bench))) failed.push(bench)

const results = readResults()
const text = performanceText(all.flatMap((bench) => results.get(bench) ?? []))
writeFileSync(join(import.meta.dirname, '..', 'docs', 'performance.md'), text)

if (failed.length > 0) {
  console.error(`\nfailed: ${failed.join(', ')}; their earlier results stay in bench/results`)
  process.exitCode = 1
}
