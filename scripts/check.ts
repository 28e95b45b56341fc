/** `npm run check`: every guard of the house, one line each with its time; exit code 1 when one of them refuses. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleOnce } from '../infra/kept-bundles.ts'
import { kernelFaults } from './build-kernels.ts'
import { generatedFaults } from './docs.ts'
import { errorFaults } from './error-docs.ts'
import { lengthFaults } from './file-length.ts'
import { roomFaults } from './rooms.ts'
import { bundleFaults, layerSizeFaults } from './sizes.ts'
import { allDefinitions, definitionFaults } from './state-machine.ts'

const root = join(import.meta.dirname, '..')

/** Finds faults, one line each or a tool's own report; none when the tree is clean. */
type Guard = { readonly name: string; readonly faults: () => Promise<readonly string[]> | readonly string[] }

/** A program's own report, when it ends with another exit code than 0. */
const reportOf = (program: string, options: readonly string[], env: NodeJS.ProcessEnv = process.env) =>
  new Promise<readonly string[]>((resolve, reject) => {
    const child = spawn(program, options, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const output: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve(code === 0 ? [] : [Buffer.concat(output).toString()]))
  })

const tool =
  (name: string, ...options: readonly string[]) =>
  () =>
    reportOf(join(root, 'node_modules', '.bin', name), options)

const inTemporaryFolder = async <Value>(use: (folder: string) => Promise<Value>): Promise<Value> => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-check-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const bundled = inTemporaryFolder(bundleOnce)

const bundleSizes = async () => bundleFaults(await bundled)

/**
 * Synthesises the stacks; cdk-nag ends that with its report where a rule is neither kept nor acknowledged.
 * After the bundles, which are kept by then.
 */
const stacks = async () => {
  await bundled
  return await inTemporaryFolder((folder) =>
    reportOf(process.execPath, [join(root, 'infra', 'app.ts')], { ...process.env, CDK_OUTDIR: folder }),
  )
}

/** What was found of files that have not changed is kept beside the packages: 3.4 instead of 10.9 s of a processor. */
const keptTypes = join('node_modules', '.cache', 'check', 'types.tsbuildinfo')

const stateMachines = (): readonly string[] => Object.values(allDefinitions()).flatMap(definitionFaults)

/** The longest come first, so that they run beside the short ones. */
const guards: readonly Guard[] = [
  { name: 'stacks', faults: stacks },
  { name: 'biome', faults: tool('biome', 'ci', '--error-on-warnings', '--colors=off', '.') },
  { name: 'types', faults: tool('tsc', '-p', '.', '--incremental', '--tsBuildInfoFile', keptTypes) },
  { name: 'page types', faults: tool('tsc', '-p', 'console') },
  { name: 'knip', faults: tool('knip', '--no-progress') },
  { name: 'bundles', faults: bundleSizes },
  { name: 'kernels', faults: () => kernelFaults(root) },
  { name: 'rooms', faults: () => roomFaults(root) },
  { name: 'file length', faults: () => lengthFaults(root) },
  { name: 'errors', faults: () => errorFaults(root) },
  { name: 'openapi', faults: () => generatedFaults(root) },
  { name: 'state machines', faults: stateMachines },
  { name: 'layers', faults: () => layerSizeFaults(root) },
]

const msPerSecond = 1000

/** True when the guard is content; prints its line. */
const stand = async ({ name, faults }: Guard): Promise<boolean> => {
  const beganAtMs = performance.now()
  const found = await faults()
  const seconds = ((performance.now() - beganAtMs) / msPerSecond).toFixed(1)
  console.log(`${found.length === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(14)} ${seconds.padStart(5)} s`)
  for (const fault of found) console.error(fault)
  return found.length === 0
}

const standAll = async (): Promise<boolean> => {
  const waiting = [...guards]
  const results: boolean[] = []
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results.push(await stand(next))
  }
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker))
  return results.every(Boolean)
}

process.exitCode = (await standAll()) ? 0 : 1
