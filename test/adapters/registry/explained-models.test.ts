import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { explainedModels } from '../../../adapters/registry/explained-models.ts'
import { treeNodes } from '../../../src/estimators/trees/tree-graph.ts'
import { encodeExplainer, makeExplainer } from '../../../src/explain/explainer-file.ts'
import { createGraph } from '../../../src/onnx/graph.ts'
import { inspectOnnx } from '../../../src/onnx/inspect.ts'
import type { Version } from '../../../src/registry/version.ts'
import { readTable, trainOn } from '../../fixtures/learning.ts'
import { tensorsOf } from '../../src/explain/explained.ts'
import { madeModel } from '../../src/explain/made-trees.ts'

/** Artifacts in memory that tell what was read of them. */
const artifacts = () => {
  const bytesOf = new Map<string, Uint8Array>()
  const read: string[] = []
  return {
    read,
    put: (bytes: Uint8Array): string => {
      const digest = createHash('sha256').update(bytes).digest('hex')
      bytesOf.set(digest, bytes)
      return digest
    },
    get: async (digest: string): Promise<Uint8Array> => {
      read.push(digest)
      return bytesOf.get(digest)!
    },
  }
}

const versionOf = (bytes: Uint8Array, digest: string, more: Partial<Version> = {}): Version => ({
  ...{ model: 'm', number: 1, digest, sizeBytes: bytes.length, createdAtMs: 0 },
  ...{ signature: inspectOnnx(bytes).signature, ...more },
})

test('given a version of a run, its explainer is read once, and its graph never; a variant with other weights is asked', async () => {
  const cars = readTable('cars.train.csv')
  const { fitted, bytes, manifest } = await trainOn(cars, { target: 'Miles_per_Gallon', algorithm: 'linear' })
  const explainer = makeExplainer(fitted.codec, fitted.trained, { tensors: tensorsOf(fitted, cars, [1, 2, 3]) }, [], 1)
  const store = artifacts()
  const explainerDigest = store.put(encodeExplainer(explainer))
  const modelOf = explainedModels(store.get)
  const version = versionOf(bytes, store.put(bytes), { explainerDigest })
  expect(await modelOf({ version, manifest })).toEqual({ signature: version.signature, manifest, explainer })
  // A variant with other weights is not what the explainer would take apart.
  const variant = await modelOf({ version: { ...version, number: 2, reweighted: true }, manifest })
  expect(variant.explainer).toEqual({ ...explainer, members: [] })
  expect((await modelOf({ version: { ...version, number: 3 }, manifest })).explainer).toEqual(explainer)
  expect(store.read).toEqual([explainerDigest])
})

test('given a pushed graph of trees, they are read of it once; of one too large nothing is', async () => {
  const model = madeModel(1, 3, 2, 5)
  const graph = createGraph('trees')
  const x = graph.input('x', 'FP32', [-1, 3])
  const y = treeNodes(model, graph, { name: x, columns: 3, wide: false })
  graph.output(graph.node('Identity', [y], { output: 'y' }), 'FP64', [-1, 1])
  const bytes = graph.toBytes()
  const store = artifacts()
  const version = versionOf(bytes, store.put(bytes))
  const modelOf = explainedModels(store.get)
  for (let k = 0; k < 2; k++) expect((await modelOf({ version })).trees?.scores[0]).toHaveLength(2)
  expect(store.read).toHaveLength(1)
  expect(await explainedModels(store.get)({ version: { ...version, sizeBytes: 2 ** 26 } })).toEqual({
    signature: version.signature,
  })
})
