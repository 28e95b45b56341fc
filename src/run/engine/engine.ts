import { PercallError } from '../../errors.ts'
import type { RunSpec } from '../spec.ts'
import type { EngineChoice } from './engine-choice.ts'
import { type Architecture, type Engine, type JobSize, priceRegion, sizesOf } from './engine-sizes.ts'
import { estimateNeed, type Need, tableShape } from './estimate.ts'

/** What is deployed here. */
export type Deployed = {
  readonly engines: readonly Engine[]
  readonly architecture: Architecture
  /** Memory of the function that fits. */
  readonly lambdaMb: number
}

/** The rest is for code, garbage and what the estimate misses. */
const usableShare = 0.85
/** Lambda's 15 minutes less what a fit keeps back for its checkpoint (fit-parts.ts). */
const longestLambdaStepMs = 14 * 60_000
/** A job's image is pulled and its file is read first: measured by nobody yet, AWS says tens of seconds. */
const jobStartMs = 60_000
/** Jobs of a run besides its trials and its last fit: prepare, choose, export, evaluate, gate. */
const otherJobs = 5

const msPerHour = 3_600_000
const msPerSecond = 1000
const mbPerGb = 1024
const places = 6

const deployHint = (engine: Engine): string => `deploy with -c percall:${engine}=true (docs/operations.md)`

/** Throws BAD_RUN for an engine that was asked for by name and is not here. */
export const requireDeployed = (asked: 'auto' | Engine, engines: readonly Engine[]): void => {
  if (asked === 'auto' || engines.includes(asked)) return
  const where = asked === 'sagemaker' ? 'it runs on AWS only' : 'it is not deployed'
  throw new PercallError(
    'BAD_RUN',
    `engine: expected auto or ${engines.join(' or ')}, got ${asked}; ${where}: ${deployHint(asked)}`,
  )
}

/**
 * The engine of a run: the one that was asked for, or the first of lambda and batch in which its largest fit has room
 * and its longest step has time. Throws BAD_RUN where there is none, with what is needed and the next step.
 */
export const chooseEngine = (asked: 'auto' | Engine, need: Need, deployed: Deployed): EngineChoice => {
  requireDeployed(asked, deployed.engines)
  const lambdaLacks = lacking(need, sizesOf('lambda', deployed.architecture, deployed.lambdaMb)[0]!, 'lambda')
  if (asked === 'lambda')
    return choice('lambda', need, deployed, `asked for${lambdaLacks && `, though ${lambdaLacks}`}`)
  if (asked !== 'auto') return choice(asked, need, deployed, 'asked for')
  if (lambdaLacks === '') return choice('lambda', need, deployed, 'its memory and time are enough')
  if (deployed.engines.includes('batch')) return choice('batch', need, deployed, `${lambdaLacks}`)
  throw new PercallError(
    'BAD_RUN',
    `engine: ${lambdaLacks}, and batch is not deployed here; ${deployHint('batch')}, or train on fewer rows or columns`,
  )
}

const usableMb = (size: JobSize): number => Math.floor(size.memoryMb * usableShare)

/** What an engine lacks for a run, in words; empty where it lacks nothing. */
const lacking = ({ memoryMb, longestStepMs }: Need, size: JobSize, engine: Engine): string => {
  if (memoryMb > usableMb(size))
    return `a fit is expected to take ${memoryMb} MB, more than the ${usableMb(size)} MB that ${engine} has for it`
  if (engine === 'lambda' && longestStepMs > longestLambdaStepMs)
    return `one step of a fit is expected to take ${seconds(longestStepMs)} s, more than the ${seconds(longestLambdaStepMs)} s that lambda has for it`
  return ''
}

const seconds = (ms: number): number => Math.ceil(ms / msPerSecond)

const choice = (name: Engine, need: Need, { architecture, lambdaMb }: Deployed, reason: string): EngineChoice => {
  const sizes = sizesOf(name, architecture, lambdaMb)
  const largest = sizes.at(-1)!
  const size = sizes.find((one) => lacking(need, one, name) === '') ?? largest
  if (name !== 'lambda' && need.memoryMb > usableMb(size))
    throw new PercallError('BAD_RUN', `engine: ${lacking(need, largest, name)}; train on fewer rows or columns`)
  const billedMs = name === 'lambda' ? need.fitMs : need.fitMs + (need.fits + otherJobs) * jobStartMs
  return {
    name,
    reason,
    memoryMb: need.memoryMb,
    gbSeconds: Math.ceil((billedMs / msPerSecond) * (size.memoryMb / mbPerGb)),
    costUsd: ((billedMs / msPerHour) * size.usdPerHour).toFixed(places),
    priceRegion,
    ...(name !== 'lambda' && { job: jobOf(size) }),
  }
}

const jobOf = ({ vcpus, memoryMb, instance }: JobSize): NonNullable<EngineChoice['job']> => ({
  vcpus,
  memoryMb,
  ...(instance !== undefined && { instance }),
})

/** The engine of a planned run. Throws BAD_RUN. */
export const engineOf = (asked: 'auto' | Engine, spec: RunSpec, rows: number, deployed: Deployed): EngineChoice =>
  chooseEngine(asked, estimateNeed(tableShape(rows, spec.codec), spec.shape, spec), deployed)

/** The choice in one line. */
export const engineFacts = ({
  name,
  reason,
  memoryMb,
  gbSeconds,
  costUsd,
  priceRegion: region,
  job,
}: EngineChoice): string => {
  const size = job ? ` with ${job.instance ?? `${job.vcpus} vCPU`} and ${job.memoryMb} MB` : ''
  return `${name}${size}: about ${memoryMb} MB, ${gbSeconds} GB-seconds and ${costUsd} USD (${region}); ${reason}`
}

/** As events and the command line show it. */
export const engineText = (choice: EngineChoice): string => `engine ${engineFacts(choice)}`
