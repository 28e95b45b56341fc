import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PercallError } from '../../src/errors.ts'
import { differenceOf } from '../../src/onnx/difference.ts'
import { type RewriteName, rewrite, rewriteNames } from '../../src/onnx/optimise/rewrite.ts'
import { chooseVariant } from '../../src/optimise/choose.ts'
import { parsePolicy } from '../../src/optimise/policy.ts'
import type { Quality } from '../../src/optimise/quality.ts'
import type { Optimisation, Variant, VariantName } from '../../src/optimise/variant.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import { startChild } from '../child/model-child.ts'
import { inspectFile } from '../sessions/onnx-file.ts'
import { asked, type MeasureDependencies, type Measured, measureFile, Unmeasured } from './measure.ts'
import { madeUpSamples, type Samples } from './samples.ts'

export type OptimiseDependencies = MeasureDependencies & { readonly weightBits: 7 | 8 }

/** Threads may add in another order. */
const rounding = 1e-6

type Answers = readonly (readonly Tensor[])[]

export type OptimiseRequest = {
  /** model.onnx, which `inspectOnnx` took; variants are written beside it. */
  readonly path: string
  readonly folder: string
  readonly policy: string
  /** Made up where there are none. */
  readonly samples?: Samples
  readonly judge: (float: Answers, variant: Answers) => Quality
  /** Variants that are no rewrites of the file. Throws Unmeasured where there is none. */
  readonly others: Readonly<Partial<Record<VariantName, () => Promise<Uint8Array>>>>
}

/** Expected while a variant is made and run: it is refused, and the others go on. */
const reasonOf = (thrown: unknown): string => {
  if (thrown instanceof Unmeasured || thrown instanceof PercallError) return thrown.message
  throw thrown
}

const writers = (deps: OptimiseDependencies, { path, others }: OptimiseRequest) => {
  const rewritten = (name: RewriteName) => async (target: string) => {
    const result = rewrite(await readFile(path), name, deps.weightBits)
    if (result.kind === 'refused') throw new Unmeasured(result.reason)
    await writeFile(target, result.pieces)
  }
  const simplified = async (target: string): Promise<void> => {
    const child = startChild(deps.program)
    try {
      await asked(child, { kind: 'simplify', path, target, threads: deps.threads }, deps.limits, 'simplified')
    } finally {
      child.end()
    }
  }
  return new Map<VariantName, (target: string) => Promise<void>>([
    ['simplified', simplified],
    ...rewriteNames.map((name) => [name, rewritten(name)] as const),
    ...Object.entries(others).map(([name, make]) => {
      const written = async (target: string) => writeFile(target, await make())
      return [name as VariantName, written] as const // a key of `others`
    }),
  ])
}

const samplesOf = async ({ program, threads, limits }: OptimiseDependencies, path: string): Promise<Samples> => {
  const child = startChild(program)
  try {
    await asked(child, { kind: 'open', file: { path }, format: 'onnx', threads }, limits, 'opened')
    const made = await madeUpSamples(child, inspectFile(path), limits)
    if (made) return made
    throw new Unmeasured('expected tensors that can be made up as inputs, and outputs that are tensors')
  } finally {
    child.end()
  }
}

/** The float graph; one that answers differently each time has nothing to compare with. */
const measureFloat = async (deps: OptimiseDependencies, { path }: OptimiseRequest, samples: Samples) => {
  const { figures, answers } = await measureFile(deps)(path, {
    ...samples,
    judged: [...samples.judged.slice(0, 1), ...samples.judged],
  })
  const [first = [], again = [], ...rest] = answers
  const isSame = (output: Tensor, i: number): boolean => {
    const other = again[i]
    return other !== undefined && differenceOf(output, other) <= rounding
  }
  if (first.every(isSame)) return { figures, answers: [again, ...rest] }
  throw new Unmeasured('expected equal answers to equal inputs, got others')
}

/** Makes each variant of a graph, measures it, and chooses one: its figures, and the path of its file. */
export const optimiseFile =
  (deps: OptimiseDependencies) =>
  async (request: OptimiseRequest): Promise<{ readonly optimisation: Optimisation; readonly path: string }> => {
    const policy = parsePolicy(request.policy)
    const measured = await measureVariants(deps, request)
    const { chosen, reason, variants } = chooseVariant(policy, measured)
    const { weightBits, threads } = deps
    const optimisation = { policy: request.policy, chosen, reason, variants, weightBits, threads }
    return { optimisation, path: chosen === 'float' ? request.path : variantPath(request, chosen) }
  }

const variantPath = ({ folder }: OptimiseRequest, name: VariantName): string => join(folder, `${name}.onnx`)

const measureVariants = async (deps: OptimiseDependencies, request: OptimiseRequest): Promise<readonly Variant[]> => {
  const writing = writers(deps, request)
  let samples: Samples
  let float: Measured
  try {
    samples = request.samples ?? (await samplesOf(deps, request.path))
    float = await measureFloat(deps, request, samples)
  } catch (thrown) {
    const reason = `the graph itself: ${reasonOf(thrown)}`
    return (['float', ...writing.keys()] as const).map((name) => ({ name, state: 'refused', reason }))
  }
  const { signature } = inspectFile(request.path)
  const variants: Variant[] = [
    { name: 'float', state: 'measured', figures: float.figures, quality: request.judge(float.answers, float.answers) },
  ]
  for (const [name, write] of writing) {
    const target = variantPath(request, name)
    try {
      await write(target)
      if (JSON.stringify(inspectFile(target).signature) !== JSON.stringify(signature))
        throw new Unmeasured('expected the inputs and outputs of the graph itself, got others')
      const { figures, answers } = await measureFile(deps)(target, samples)
      variants.push({ name, state: 'measured', figures, quality: request.judge(float.answers, answers) })
    } catch (thrown) {
      variants.push({ name, state: 'refused', reason: reasonOf(thrown) })
    }
  }
  return variants
}
