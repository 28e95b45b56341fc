import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildLayer } from '../layers/build.ts'
import { duckdb } from '../layers/duckdb/allow-list.ts'
import { onnxruntime } from '../layers/onnxruntime/allow-list.ts'
import { jobStates } from './engine-states.ts'
import type { Settings } from './settings.ts'

const dockerfile = join(import.meta.dirname, '..', 'containers', 'training', 'Dockerfile')

/** What the container starts; its working folder is the context's copy. */
export const jobCommand: readonly string[] = ['node', 'train-job/index.js']

/** Writes the context of the training image into `folder`: the very bundles of the functions, the layers' packages. */
export const trainingImage = ({ architecture, layerContent }: Settings, bundles: string, folder: string): string => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'layers'), { recursive: true })
  cpSync(dockerfile, join(folder, 'Dockerfile'))
  for (const name of ['job', ...jobStates, 'score'].map((state) => `train-${state}`))
    cpSync(join(bundles, name), join(folder, name), { recursive: true })
  for (const layer of [onnxruntime, duckdb])
    buildLayer(layer, architecture, layerContent, join(folder, 'layers', layer.name))
  return folder
}
