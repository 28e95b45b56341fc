import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { S3Client } from '@aws-sdk/client-s3'
import { PercallError } from '../../src/errors.ts'
import { hasBfloat16Edges } from '../../src/onnx/bfloat16-edges.ts'
import type { OnnxFacts } from '../../src/onnx/inspect.ts'
import { refusalWords } from '../../src/onnx/runtime-words.ts'
import type { Trial } from '../../src/onnx/trial.ts'
import type { ProbeEvent, ProbeReport } from '../../src/registry/probe.ts'
import { type ChildProgram, type ModelChild, startChild } from '../child/model-child.ts'
import { startStallClock } from '../child/stall-clock.ts'
import { inspectFile, writeFp32Edges } from '../sessions/onnx-file.ts'
import { growFrom, type ProbeLimits, tryFirst } from './probe-runs.ts'
import { download, upload } from './quarantined-file.ts'

type Dependencies = {
  readonly data: { readonly objects: S3Client; readonly bucket: string }
  readonly child: ChildProgram
  readonly threads: number
  readonly limits: ProbeLimits
}

type Place = { readonly onnx: string; readonly ort: string }

type Converted = { readonly sizeBytes: number; readonly maxDifference: number }

// Single precision after other sums in another order: serving.md.
const mostDifference = 1e-5
// Constants that are worked out in advance may make a file larger, and a small one many times.
const mostGrowth = 2
const growthBytes = 16 * 1024 * 1024
// As it came, to be optimised, to be compared, and to be measured.
const loads = 4
const mbPerByte = 1 / (1024 * 1024)

/** What one run of each kind showed; `first` is absent where the model took no trial. */
type Original = {
  readonly loadMs: number
  readonly peakMb: number
  readonly first?: Trial
  readonly why?: string
  readonly ort?: Converted
}

const doesNotLoad = (words: string): PercallError =>
  new PercallError('UNSUPPORTED_ONNX', `model: expected a file that ONNX Runtime loads, got: ${words}`)

type Timed = Dependencies & { readonly leftMs: () => number; readonly asItIs?: boolean | undefined }

const loadLimitMs = ({ limits: { loadMs, loadMsPerMb }, leftMs }: Timed, sizeBytes: number): number =>
  Math.max(1, Math.min(leftMs(), loadMs + loadMsPerMb * sizeBytes * mbPerByte))

/** Opens a file in a child. Throws UNSUPPORTED_ONNX when it is refused, hangs, or needs more memory than there is. */
const open = async (
  child: ModelChild,
  file: { readonly path: string; readonly format: 'onnx' | 'ort'; readonly sizeBytes: number },
  deps: Timed,
): Promise<number> => {
  const { limits, threads } = deps
  const bounds = { timeMs: loadLimitMs(deps, file.sizeBytes), memoryMb: limits.memoryMb }
  const told = await child.ask({ kind: 'open', file: { path: file.path }, format: file.format, threads }, bounds)
  if (told.kind === 'opened') return told.loadMs
  if (told.kind === 'refused') throw doesNotLoad(refusalWords(told.words))
  const ends = {
    time: `it did not end within ${Math.round(bounds.timeMs / 1000)} s`,
    memory: `it needs more than ${bounds.memoryMb} MB`,
    crash: 'it ended the process',
  }
  throw doesNotLoad(told.kind === 'killed' ? ends[told.by] : 'it did not open')
}

/** The pre-optimised file when the runtime can write one that answers as the original; undefined else. */
const convert = async (
  child: ModelChild,
  { onnx, ort }: Place,
  { sizeBytes }: OnnxFacts,
  deps: Timed,
): Promise<Converted | undefined> => {
  const { limits, threads } = deps
  const bounds = () => ({ timeMs: loadLimitMs(deps, sizeBytes), memoryMb: limits.memoryMb })
  const written = await child.ask({ kind: 'optimise', path: onnx, ortPath: ort, threads }, bounds())
  if (written.kind !== 'optimised') return undefined
  const { size } = await stat(ort)
  if (size > mostGrowth * sizeBytes + growthBytes) return undefined
  const compared = await child.ask({ kind: 'compare', ortPath: ort, threads }, bounds())
  if (compared.kind !== 'compared' || !(compared.maxDifference <= mostDifference)) return undefined
  return { sizeBytes: size, maxDifference: compared.maxDifference }
}

/** Loads and runs the file as it came, then makes its pre-optimised form. */
const runOriginal = async (place: Place, facts: OnnxFacts, deps: Timed): Promise<Original> => {
  const child = startChild(deps.child)
  try {
    const loadMs = await open(child, { path: place.onnx, format: 'onnx', sizeBytes: facts.sizeBytes }, deps)
    const tried = await tryFirst(child, facts, deps.limits)
    if (tried.kind === 'none') return { loadMs, peakMb: child.peakMb(), why: tried.why }
    const ort = deps.asItIs ? undefined : await convert(child, place, facts, deps)
    return { loadMs, peakMb: child.peakMb(), first: tried.trial, ...(ort && { ort }) }
  } finally {
    child.end()
  }
}

/** Runs the file that will serve, in a process of its own, so that its memory is the model's alone. */
const measure = async (place: Place, facts: OnnxFacts, { first, ort }: Original, deps: Timed) => {
  const child = startChild(deps.child)
  try {
    const file = ort
      ? { path: place.ort, format: 'ort' as const, sizeBytes: ort.sizeBytes }
      : { path: place.onnx, format: 'onnx' as const, sizeBytes: facts.sizeBytes }
    const loadMs = await open(child, file, deps)
    const grown = first && (await growFrom(child, facts, first, deps.limits))
    return {
      loadMs,
      inferMs: grown?.inferMs ?? 0,
      probedElements: grown?.elements ?? 0,
      peakMb: grown?.peakMb ?? child.peakMb(),
      why: grown?.why,
    }
  } finally {
    child.end()
  }
}

/** What is known of a file that loaded once and then not again, within the time of all trials. */
const unmeasured = ({ loadMs, peakMb }: Original) => ({
  loadMs,
  inferMs: 0,
  probedElements: 0,
  peakMb,
  why: 'it was not measured within the time of its probe',
})

const probeFile = async (place: Place, facts: OnnxFacts, deps: Timed) => {
  const original = await runOriginal(place, facts, deps)
  const measured = await measure(place, facts, original, deps).catch((thrown: unknown) => {
    if (thrown instanceof PercallError) return undefined
    throw thrown
  })
  const { why: notRun, ...figures } = measured ?? unmeasured(original)
  const why = facts.unbounded ?? original.why ?? notRun
  const report: Omit<ProbeReport, 'ort'> = {
    signature: facts.signature,
    isolation: why === undefined ? 'inline' : 'child',
    ...(why !== undefined && { why }),
    ...figures,
  }
  return { report, ort: measured && original.ort }
}

/** The path of the file that is run and served: another one where BF16 at the edges becomes FP32. */
const servedOnnx = ({ onnx }: Place, { signature }: OnnxFacts): string => {
  if (!hasBfloat16Edges(signature)) return onnx
  const path = `${onnx}.rewritten`
  writeFp32Edges(onnx, path)
  return path
}

/**
 * Inspects a quarantined file and runs it in child processes that are killed at their limits.
 * Throws NOT_ONNX, UNSUPPORTED_ONNX; an Error when the object is not the one that was announced.
 */
export const probe =
  (deps: Dependencies) =>
  async (event: ProbeEvent): Promise<ProbeReport> => {
    const clock = startStallClock()
    const folder = await mkdtemp(join(tmpdir(), 'percall-probe-'))
    try {
      const place = { onnx: join(folder, 'model.onnx'), ort: join(folder, 'model.ort') }
      await download(deps.data, event, place.onnx)
      const facts = inspectFile(place.onnx)
      const { totalMs, loadMsPerMb } = deps.limits
      const mostMs = totalMs + loads * loadMsPerMb * facts.sizeBytes * mbPerByte
      const timed = { ...deps, leftMs: () => mostMs - clock.ms(), asItIs: event.asItIs }
      const served = { ...place, onnx: servedOnnx(place, facts) }
      const { report, ort } = await probeFile(served, facts, timed)
      const stored = async (path: string, name: string) => {
        const key = event.key.replace(/[^/]+$/, name)
        return { key, digest: await upload(deps.data, path, key), sizeBytes: (await stat(path)).size }
      }
      if (ort) return { ...report, ort: { ...(await stored(place.ort, 'model.ort')), ...ort } }
      return served.onnx === place.onnx ? report : { ...report, rewritten: await stored(served.onnx, 'rewritten.onnx') }
    } finally {
      clock.end()
      await rm(folder, { recursive: true, force: true })
    }
  }
