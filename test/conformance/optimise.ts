/**
 * `node test/conformance/optimise.ts [part of a name]`: every model of Debian's libonnx-testdata that bare ONNX Runtime
 * passes, through every rewrite; what each does to the answers on the package's own inputs. Writes optimised.json beside
 * this file. Exit code 1 when a rewrite makes a file that does not run, or changes answers that it must not.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runGraph } from '../../adapters/runs/run-graph.ts'
import { type RewriteName, rewrite, rewriteNames } from '../../src/onnx/optimise/rewrite.ts'
import { outputDistance } from '../../src/onnx/output-distance.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import { listModels, type ModelTest, readModelTest } from './model-test.ts'

/** The largest difference, by the largest answer. Rewrites that only tidy may change nothing. */
const stated: Readonly<Record<RewriteName, number>> = {
  cleaned: 0,
  half: 1e-2,
  int8: 0.1,
  pruned: Number.POSITIVE_INFINITY,
}

type Count = { refused: number; within: number; beyond: string[]; failed: string[]; largest: number }

const { notPassedByBareRuntime } = JSON.parse(readFileSync(join(import.meta.dirname, 'results.json'), 'utf8')) as {
  readonly notPassedByBareRuntime: readonly { readonly model: string }[]
}
const notPassed = new Set(notPassedByBareRuntime.map(({ model }) => model))

const answersOf = (bytes: Uint8Array, { inputs, outputs, sets }: ModelTest): Promise<readonly Tensor[]> => {
  const given = (sets[0]?.inputs ?? []).map((value, i) => ({ ...value, name: inputs[i] ?? '' }) as Tensor)
  return runGraph(1)(bytes, given, outputs)
}

const counts = Object.fromEntries(
  rewriteNames.map((name): [RewriteName, Count] => [
    name,
    { refused: 0, within: 0, beyond: [], failed: [], largest: 0 },
  ]),
) as Record<RewriteName, Count> // of all names

const check = async (test: ModelTest, float: readonly Tensor[], name: RewriteName): Promise<void> => {
  const count = counts[name]
  const result = rewrite(test.bytes, name, 7)
  if (result.kind === 'refused') {
    count.refused++
    return
  }
  try {
    const found = await answersOf(Buffer.concat(result.pieces), test)
    const worst = Math.max(0, ...float.map((output, i) => outputDistance(output, found[i] ?? output).largest))
    count.largest = Math.max(count.largest, worst)
    if (worst <= stated[name]) count.within++
    else count.beyond.push(`${test.name}: ${worst}`)
  } catch (thrown) {
    count.failed.push(`${test.name}: ${thrown instanceof Error ? thrown.message.slice(0, 200) : thrown}`)
  }
}

let models = 0
let unstable = 0
for (const folder of listModels().filter((one) => one.includes(process.argv[2] ?? ''))) {
  const test = readModelTest(folder)
  if (notPassed.has(test.name) || test.foreign.length > 0 || test.sets.length === 0) continue
  const float = await answersOf(test.bytes, test)
  const again = await answersOf(test.bytes, test)
  models++
  // Dropout, RandomNormal...: nothing to compare with. adapters/variants/optimise-file.ts refuses them all.
  if (!float.every((output, i) => outputDistance(output, again[i] ?? output).largest === 0)) {
    unstable++
    continue
  }
  for (const name of rewriteNames) await check(test, float, name)
}
console.log({ models, unstable })
console.log(JSON.stringify(counts, null, 2))
const result = { models, unstable, stated: { ...stated, pruned: 'none' }, counts }
if (!process.argv[2]) writeFileSync(join(import.meta.dirname, 'optimised.json'), `${JSON.stringify(result, null, 2)}\n`)
if (rewriteNames.some((name) => counts[name].failed.length > 0) || counts.cleaned.beyond.length > 0)
  process.exitCode = 1
