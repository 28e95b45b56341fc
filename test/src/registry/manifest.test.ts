import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inspectOnnx } from '../../../src/onnx/inspect.ts'
import { parseManifest } from '../../../src/registry/manifest.ts'
import { requireManifestFits } from '../../../src/registry/manifest-fits.ts'
import type { Signature, TensorSpec } from '../../../src/registry/signature.ts'
import { trainOn } from '../../fixtures/learning.ts'
import { textManifest } from '../../fixtures/text-model.ts'

const names = ['size', 'colour', 'class']
const columns = [
  ['1', '2', '3', '4', '5', '6'],
  ['red', 'blue', 'red', 'blue', 'red', 'blue'],
  ['a', 'b', 'a', 'b', 'a', 'b'],
]
const trained = await trainOn({ names, columns }, { target: 'class', algorithm: 'logistic' })
const trainedSignature = inspectOnnx(trained.bytes).signature

const ids = (name: string, shape: readonly number[] = [-1, -1]): TensorSpec => ({ name, datatype: 'INT64', shape })
const signature: Signature = {
  inputs: [ids('input_ids'), ids('attention_mask')],
  outputs: [{ name: 'last_hidden_state', datatype: 'FP32', shape: [-1, -1, 8] }],
}
const withInputs = (...inputs: readonly TensorSpec[]): Signature => ({ ...signature, inputs })

test('a manifest of a run -> read as it was, and fits its own graph', () => {
  const manifest = parseManifest(JSON.parse(JSON.stringify(trained.manifest)))
  expect(manifest).toEqual(trained.manifest)
  expect(() => requireManifestFits(manifest, trainedSignature)).not.toThrow()
})

test('the manifest of docs/embeddings.md -> one that is read', () => {
  const markdown = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'embeddings.md'), 'utf8')
  const [, example = ''] = /```json\n([\s\S]+?)```/.exec(markdown) ?? []
  expect(parseManifest(JSON.parse(example))).toMatchObject({ task: 'embedding', dimensions: 384, pooling: 'mean' })
})

test('an embedding manifest -> its defaults, and fits', () => {
  const manifest = parseManifest(textManifest)
  expect(manifest).toMatchObject({ padId: 0, matryoshka: false })
  expect(() => requireManifestFits(manifest, signature)).not.toThrow()
})

test.for<[string, unknown, RegExp]>([
  ['no object', [], /^manifest: /],
  ['another task', { ...textManifest, task: 'rerank' }, /^manifest\.task: /],
  ['a member that is misspelt', { ...textManifest, normalize: true }, /normalize/],
  ['no tokenizer', { ...textManifest, tokenizer: undefined }, /^manifest\.tokenizer: expected .* tokenizer\.json/],
  ['an unknown pooling', { ...textManifest, pooling: 'max' }, /^manifest\.pooling: /],
  ['no limit of tokens', { ...textManifest, maxTokens: 0 }, /^manifest\.maxTokens: /],
])('%s -> BAD_MANIFEST that names the member', ([, value, message]) => {
  expect(() => parseManifest(value)).toThrow(
    expect.objectContaining({ code: 'BAD_MANIFEST', message: expect.stringMatching(message) }),
  )
})

const text = (change: object, against: Signature = signature) =>
  [parseManifest({ ...textManifest, ...change }), against] as const
const tabular = (change: object, against: Signature = trainedSignature) =>
  [parseManifest({ ...trained.manifest, ...change }), against] as const

test.for<[string, readonly [ReturnType<typeof parseManifest>, Signature], RegExp]>([
  [
    'an input under another name',
    text({ inputs: { ids: 'ids' } }),
    /inputs\.ids: .*\(input_ids, attention_mask\), got ids/,
  ],
  ['an input twice', text({ inputs: { ids: 'input_ids', mask: 'input_ids' } }), /another input for each/],
  ['an input that nothing feeds', text({ inputs: { ids: 'input_ids' } }), /attention_mask among them, got input_ids/],
  [
    'ids that are no whole numbers',
    text({}, withInputs({ ...ids('input_ids'), datatype: 'FP32' })),
    /INT64 or INT32.*FP32/,
  ],
  [
    'one text at a time',
    text({}, withInputs(ids('input_ids', [1, -1]), ids('attention_mask'))),
    /any number of texts.*\[1,-1\]/,
  ],
  [
    'fewer places than tokens',
    text({}, withInputs(ids('input_ids', [-1, 16]), ids('attention_mask'))),
    /at most 16.*got 32/,
  ],
  ['another output', text({ output: 'pooled' }), /output: .*\(last_hidden_state\), got pooled/],
  ['pooling of what is pooled', text({ pooling: 'none' }), /\[-1,8\], as output last_hidden_state.*\[-1,-1,8\]/],
  [
    'a column that is no input',
    tabular({ codec: { codecVersion: 1, columns: [] } }),
    /codec\.columns: .*size among them/,
  ],
  [
    'classes that are not as many',
    tabular({ classes: ['a', 'b', 'c'] }),
    /outputs\.probabilities: expected \[-1,3\].*\[-1,2\]/,
  ],
  ['no classes', tabular({ classes: undefined }), /classes: .*got none/],
  ['an output of rows that is not there', tabular({ outputs: { prediction: 'y' } }), /outputs\.prediction: .*got y/],
])('%s -> BAD_MANIFEST that names both', ([, [manifest, against], message]) => {
  expect(() => requireManifestFits(manifest, against)).toThrow(
    expect.objectContaining({ code: 'BAD_MANIFEST', message: expect.stringMatching(message) }),
  )
})
