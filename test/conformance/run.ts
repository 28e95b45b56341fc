/**
 * `npm run conformance`: every model of Debian's libonnx-testdata on bare ONNX Runtime, and each that passes there and
 * that the protocol can express over HTTP, in JSON and in binary; models with bfloat16, which the bare JavaScript does not
 * load, over HTTP only. Writes results.json beside this file.
 * Exit code 1 when a model that bare ONNX Runtime passes differs over HTTP.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, type } from 'node:os'
import { basename, join } from 'node:path'
import { runBare } from './bare-runs.ts'
import { listModels, type ModelTest, packageFolder, readModelTest } from './model-test.ts'
import { callBinary, callJson, jsonLimit, push } from './over-http.ts'
import { type Service, startService } from './service.ts'

type Outcome = { readonly model: string; readonly json?: string; readonly binary?: string; readonly limit?: string }

const wordsOf = (thrown: unknown): string =>
  thrown instanceof Error ? [thrown.message, thrown.cause ?? ''].join(' ').trim() : String(thrown)

type CallSet = (service: Service, test: ModelTest, set: ModelTest['sets'][number]) => Promise<string | undefined>

const firstDifference = async (service: Service, test: ModelTest, call: CallSet): Promise<string | undefined> => {
  for (const set of test.sets) {
    const words = await call(service, test, set).catch(wordsOf)
    if (words) return words
  }
  return undefined
}

const check = async (service: Service, folder: string): Promise<Outcome> => {
  const test = readModelTest(folder)
  const model = test.name
  const refused = await push(service, test).then(() => undefined, wordsOf)
  if (refused) return { model, json: refused, binary: refused }
  const limit = test.sets.map(jsonLimit).find((words) => words !== undefined)
  const json = limit ? undefined : await firstDifference(service, test, callJson)
  const binary = await firstDifference(service, test, callBinary)
  return { model, ...(json && { json }), ...(binary && { binary }), ...(limit && { limit }) }
}

// As many at a time as the machine has cores: a push is a probe in a process of its own.
const checkAll = async (service: Service, folders: readonly string[]): Promise<readonly Outcome[]> => {
  const waiting = [...folders]
  const outcomes: Outcome[] = []
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      outcomes.push(await check(service, next))
      if (outcomes.length % 100 === 0) console.log(`${outcomes.length} of ${folders.length} called`)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  return outcomes.toSorted((a, b) => (a.model < b.model ? -1 : 1))
}

const versionOf = (name: string): string =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'node_modules', name, 'package.json'), 'utf8')).version

const countBy = (words: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...Map.groupBy(words, (word) => word)].map(([word, { length }]) => [word, length]))

// ONNX's TensorProto.DataType 16.
const bfloat16Words = 'Error: Unsupported data type: 16'

const conform = async (service: Service, filter: string): Promise<boolean> => {
  const folders = listModels().filter((folder) => folder.includes(filter))
  const bare = await runBare(folders)
  const passed = folders.filter((folder) => bare.get(folder) === undefined)
  console.log(
    `${folders.length} models, ${passed.length} passed by bare onnxruntime-node ${versionOf('onnxruntime-node')}`,
  )
  const uncarried = folders.filter((folder) => bare.get(folder) === bfloat16Words)
  const outcomes = await checkAll(service, passed)
  // The service carries what the bare JavaScript does not. The package's own data is the reference, and it cuts where ONNX
  // says to round to the nearest, and gives CastLike another shape than its model declares: listed, and no failure.
  const bfloat16 = (await checkAll(service, uncarried)).map(({ model, binary }) => ({
    model,
    binary: binary ?? 'passed',
  }))
  const limits = outcomes.flatMap(({ limit }) => limit ?? [])
  const counts = {
    models: folders.length,
    passedByBareRuntime: passed.length,
    // What bare ONNX Runtime runs through its JavaScript are tensors of the protocol's datatypes.
    expressible: passed.length,
    expressibleInJson: passed.length - limits.length,
    passedInJson: outcomes.filter(({ json, limit }) => !json && !limit).length,
    passedInBinary: outcomes.filter(({ binary }) => !binary).length,
  }
  const differences = outcomes.filter(({ json, binary }) => json || binary)
  const notPassed = folders.flatMap((folder) => {
    const reason = bare.get(folder)
    return reason === undefined ? [] : [{ model: basename(folder), reason: reason.slice(0, 160) }]
  })
  const result = {
    date: new Date().toISOString(),
    machine: { processor: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), system: type() },
    versions: { node: process.versions.node, 'onnxruntime-node': versionOf('onnxruntime-node') },
    counts,
    limitsOfJson: countBy(limits),
    differences,
    bfloat16,
    notPassedByBareRuntime: notPassed,
  }
  if (filter === '') writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(result, null, 2)}\n`)
  for (const { model, json, binary } of differences)
    console.log(`${model}: JSON: ${json ?? 'ok'}; binary: ${binary ?? 'ok'}`)
  for (const { model, binary } of bfloat16) console.log(`${model}: ${binary}`)
  console.log(counts, 'limits of JSON:', result.limitsOfJson)
  return differences.length === 0
}

if (existsSync(packageFolder)) {
  const service = await startService()
  try {
    process.exitCode = (await conform(service, process.argv[2] ?? '')) ? 0 : 1
  } finally {
    await service.close()
  }
} else {
  console.log(
    `conformance: no ${packageFolder}; install Debian's libonnx-testdata to run it (apt-get install libonnx-testdata)`,
  )
}
