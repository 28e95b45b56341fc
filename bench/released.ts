/** Whether sessions that are evicted give their memory back: resident memory of this process, which opens and closes many. */
import { sessions } from '../adapters/sessions/sessions.ts'
import { memoryOf } from '../local/functions/memory.ts'
import { inspectOnnx } from '../src/onnx/inspect.ts'
import { figureOf } from './measure/figure.ts'
import { once } from './measure/pairs.ts'
import { report } from './measure/result.ts'
import { denseModel } from './models/dense-model.ts'
import { features } from './models/tree-model.ts'

if (memoryOf(process.pid) === undefined) {
  console.log('released: there is no /proc here, nothing is measured')
  process.exit()
}

const bytesPerMb = 1_000_000
/** Garbage collections and the allocator settle before the readings that later ones are held against. */
const settling = 1 / 4
/** Files that are open at once: each further model closes one. */
const mostOpen = 2.5

const questions = [
  { widths: [features, 200, 200, 1], models: 800 },
  { widths: [features, 2600, 2850, 1], models: 100 },
] as const

/** Resident megabytes after each of the models was opened, called once and, soon after, closed. */
const openAll = async (
  widths: readonly number[],
  models: number,
): Promise<{ sizeMb: number; residentMb: number[] }> => {
  const file = denseModel(widths)
  const { signature } = inspectOnnx(file)
  const { infer } = sessions({
    readArtifact: async () => file.slice(), // as from S3: each model has bytes of its own
    mostBytes: file.length * mostOpen,
    threads: 1,
    nowMs: () => performance.now(),
  })
  const x = { name: 'x', datatype: 'FP32', shape: [1, features], data: new Float32Array(features) } as const
  const residentMb: number[] = []
  for (let i = 0; i < models; i++) {
    const version = { model: `model-${i}`, number: 1, digest: String(i), sizeBytes: file.length, signature }
    await infer({ ...version, createdAtMs: 0 }, [x], ['y'])
    residentMb.push(memoryOf(process.pid)?.residentMb ?? 0)
  }
  return { sizeMb: file.length / bytesPerMb, residentMb }
}

const figures = []
for (const { widths, models } of questions) {
  const { sizeMb, residentMb } = await openAll(widths, models)
  const settled = residentMb.slice(models * settling)
  // Two halves of one length: of an odd number of readings the middle one is in neither.
  const half = Math.floor(settled.length / 2)
  const [earlier, later] = [settled.slice(0, half), settled.slice(-half)]
  figures.push(
    figureOf({
      question: `resident memory while ${models} models of ${sizeMb.toFixed(1)} MB are opened, called once and evicted`,
      unit: 'MB',
      samples: later.map(once),
      peer: { name: 'the same, earlier', samples: earlier.map(once) },
      targets: [{ of: 'ratio', atMost: 1.05 }],
    }),
  )
}
report('released', figures, [
  `By adapters/sessions/sessions.ts alone, with room for two files. The first quarter is not counted; of the rest the second half is held against the first.`,
  'Bytes of a closed model go with the next garbage collection, so single readings swing by the size of a few models.',
])
