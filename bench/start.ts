/** How long `npm start` takes until the service answers, and until its first priced prediction. */
import { spawn } from 'node:child_process'
import { once as event } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { figureOf } from './measure/figure.ts'
import { once } from './measure/pairs.ts'
import { report } from './measure/result.ts'
import { median } from './measure/statistics.ts'

const runs = 5
const msPerSecond = 1000
const root = join(import.meta.dirname, '..')

const writtenAtMs = (path: string): number => statSync(path).mtimeMs

/** The CDK writes its validation report a second after the stacks. */
const lastWrittenAtMs = (folder: string): number =>
  Math.max(...readdirSync(folder).map((name) => writtenAtMs(join(folder, name))))

/** Time of the first prediction that was answered, from the log of the predict function. */
const firstPredictionAtMs = (data: string): number => {
  const logs = join(data, 'logs')
  const file = readdirSync(logs).find((name) => name.includes('-predictFunction'))
  const line = file && /"timestamp":"([^"]+)".*:predict","status":200/.exec(readFileSync(join(logs, file), 'utf8'))
  if (!line?.[1]) throw new Error(`${logs}: expected a prediction in the log of the predict function, got none`)
  return Date.parse(line[1])
}

/** Seconds from the start of the process to each step of one `npm start -- --once` over an empty folder. */
const startOnce = async () => {
  const data = mkdtempSync(join(tmpdir(), 'percall-bench-'))
  const readyFile = join(data, 'ready')
  try {
    const beganAtMs = Date.now()
    const options = ['start', '--once', '--port', '0', '--data', data, '--ready-file', readyFile]
    const child = spawn(process.execPath, [join(root, 'bin', 'percall'), ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    const listen = (chunk: Buffer) => {
      said += chunk
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    const [code] = await event(child, 'exit')
    const endedAtMs = Date.now()
    if (code !== 0) throw new Error(`percall start ended with ${code}:\n${said}`)
    const since = (atMs: number): number => (atMs - beganAtMs) / msPerSecond
    return {
      bundled: since(writtenAtMs(join(data, 'build', 'functions', 'predict', 'package.json'))),
      synthesised: since(lastWrittenAtMs(join(data, 'cdk.out'))),
      ready: since(writtenAtMs(readyFile)),
      predicted: since(firstPredictionAtMs(data)),
      ended: since(endedAtMs),
    }
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
}

type Steps = Awaited<ReturnType<typeof startOnce>>

const all: Steps[] = []
for (let run = 0; run < runs; run++) all.push(await startOnce())

const samplesOf = (step: keyof Steps) => all.map((steps) => once(steps[step]))
const medianOf = (step: keyof Steps): string => median(all.map((steps) => steps[step])).toFixed(1)

report(
  'start',
  [
    figureOf({
      question: '`npm start` to ready, with bundling and synthesis',
      unit: 's',
      samples: samplesOf('ready'),
      targets: [{ of: 'value', atMost: 20 }],
    }),
    figureOf({
      question: '`npm start` to the first priced prediction, after two training runs',
      unit: 's',
      samples: samplesOf('predicted'),
    }),
    figureOf({
      question: '`npm start -- --once`: two training runs, 81 priced rows, end',
      unit: 's',
      samples: samplesOf('ended'),
    }),
  ],
  [
    `Where the time goes, medians from the start of the process: handlers bundled at ${medianOf('bundled')} s, stacks synthesised at ${medianOf('synthesised')} s, ready at ${medianOf('ready')} s, first prediction at ${medianOf('predicted')} s, both examples trained, called and closed at ${medianOf('ended')} s.`,
    'Of npm itself nothing is in it; the page cache is warm and the data folder empty.',
  ],
)
