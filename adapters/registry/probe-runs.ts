import type { OnnxFacts } from '../../src/onnx/inspect.ts'
import { refusalWords } from '../../src/onnx/runtime-words.ts'
import { firstTrials, growths, type Trial, trialElements } from '../../src/onnx/trial.ts'
import type { Killed, Told } from '../child/messages.ts'
import type { ModelChild } from '../child/model-child.ts'

/** Bounds of a probe. All of it ends before the gateway's 30 s for a file that comes in a request. */
export type ProbeLimits = {
  /** One load: so much, and so much more for each MB. */
  readonly loadMs: number
  readonly loadMsPerMb: number
  /** Everything but the growth, besides what the file's size adds. */
  readonly totalMs: number
  /** One run. */
  readonly runMs: number
  /** All runs that look for the largest one. */
  readonly growMs: number
  /** The process that loads and converts. */
  readonly memoryMb: number
  /** A process that serves, inline: more than this and it does not. */
  readonly inlineMb: number
}

// A request holds 6 MB, base64 of 4.5 MB: 1.1 million FP32. What is larger comes by upload, and runs in a child.
const mostElements = 2 ** 20
// The next size takes four times as long where time grows with the square.
const nextTakes = 4

export const tensorOutputs = ({ signature }: Pick<OnnxFacts, 'signature'>): readonly string[] =>
  signature.outputs.filter(({ kind }) => kind === undefined).map(({ name }) => name)

const ask = (
  child: ModelChild,
  facts: OnnxFacts,
  trial: Trial,
  bounds: { readonly timeMs: number; readonly memoryMb: number },
  keep = false,
): Promise<Told | Killed> => {
  const { signature, dimensions } = facts
  const outputs = tensorOutputs(facts)
  return child.ask({ kind: 'try', signature, dimensions, trial, outputs, ...(keep && { keep }) }, bounds)
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`

const endOf = (
  { by }: Killed,
  { timeMs, memoryMb }: { readonly timeMs: number; readonly memoryMb: number },
): string => {
  if (by === 'time') return `a trial run did not end within ${seconds(timeMs)}`
  return by === 'memory' ? `a trial run needed more than ${memoryMb} MB` : 'a trial run ended its process'
}

export type FirstTrial =
  | { readonly kind: 'ran'; readonly trial: Trial }
  | { readonly kind: 'none'; readonly why: string }

/** The first of the trials that the model takes, kept in the child for the comparison. */
export const tryFirst = async (child: ModelChild, facts: OnnxFacts, limits: ProbeLimits): Promise<FirstTrial> => {
  if (tensorOutputs(facts).length === 0) return { kind: 'none', why: 'no output is a tensor' }
  const other = facts.signature.inputs.find(({ kind }) => kind !== undefined)
  if (other) return { kind: 'none', why: `input ${other.name} is a ${other.kind}` }
  const bounds = { timeMs: limits.runMs, memoryMb: limits.memoryMb }
  let why = `expected trial inputs of at most ${mostElements} elements`
  for (const trial of firstTrials(facts.dimensions)) {
    if (trialElements(facts.signature, facts.dimensions, trial) > mostElements) continue
    const told = await ask(child, facts, trial, bounds, true)
    if (told.kind === 'tried') return { kind: 'ran', trial }
    if (told.kind === 'killed') return { kind: 'none', why: endOf(told, bounds) }
    if (told.kind === 'refused') why = `trial inputs were refused: ${refusalWords(told.words)}`
  }
  return { kind: 'none', why }
}

export type Grown = {
  readonly inferMs: number
  readonly elements: number
  /** After the last run that ended within bounds. */
  readonly peakMb: number
  readonly why?: string
}

/** Largest inputs that ran within bounds, by every way to grow; the least of them where one met a bound. */
export const growFrom = async (
  child: ModelChild,
  facts: OnnxFacts,
  first: Trial,
  { runMs, growMs, inlineMb, memoryMb }: ProbeLimits,
): Promise<Grown> => {
  const bounds = { timeMs: runMs, memoryMb: Math.min(memoryMb, Math.max(inlineMb, 2 * child.residentMb())) }
  const idleMb = child.peakMb()
  const began = await ask(child, facts, first, bounds)
  if (began.kind === 'killed') return { inferMs: 0, elements: 0, peakMb: idleMb, why: endOf(began, bounds) }
  if (began.kind !== 'tried') return { inferMs: 0, elements: 0, peakMb: idleMb, why: 'a trial run did not repeat' }
  // The first run of a session allocates: the second is what a call takes.
  const again = await ask(child, facts, first, bounds)
  const inferMs = again.kind === 'tried' ? again.inferMs : began.inferMs
  const least = trialElements(facts.signature, facts.dimensions, first)
  const endsAtMs = performance.now() + growMs
  let most = least
  let peakMb = child.peakMb()
  let bounded = Number.POSITIVE_INFINITY
  if (facts.unbounded !== undefined) return { inferMs, elements: least, peakMb }
  const ways = growths(first, facts.dimensions)
  for (const trialOf of ways) {
    let passed = least
    for (let size = 2; ; size *= 2) {
      const trial = trialOf(size)
      const elements = trialElements(facts.signature, facts.dimensions, trial)
      if (elements > mostElements) break
      if (elements <= passed) continue
      const leftMs = endsAtMs - performance.now()
      const told =
        leftMs > 0 ? await ask(child, facts, trial, { ...bounds, timeMs: Math.min(runMs, leftMs) }) : undefined
      // Refused shapes cost nothing to refuse, and say nothing of larger ones.
      if (told?.kind === 'refused') break
      if (told?.kind === 'tried') {
        passed = elements
        peakMb = child.peakMb()
      }
      const isLast = told?.kind !== 'tried' || told.inferMs * nextTakes > endsAtMs - performance.now()
      if (isLast) {
        bounded = Math.min(bounded, passed)
        break
      }
    }
    most = Math.max(most, passed)
    // The other ways were not tried.
    if (!child.isAlive()) return { inferMs, elements: ways.length === 1 ? bounded : least, peakMb }
  }
  return { inferMs, elements: Math.min(bounded, most), peakMb }
}
