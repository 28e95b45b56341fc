import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Optimisation } from '../../src/optimise/variant.ts'
import { manifestSchema } from '../../src/registry/manifest.ts'
import { mostModelMb, needsLarge } from '../../src/registry/placement.ts'
import { quarantineKey } from '../../src/registry/registration.ts'
import type { Version } from '../../src/registry/version.ts'
import { readArtifact } from '../aws/artifacts.ts'
import { childProgram } from '../child/program.ts'
import { variantsOfVersion } from '../registry/optimise-version.ts'
import { putQuarantined, readQuarantined } from '../registry/quarantine.ts'
import { changeRegistration, findRegistration } from '../registry/registrations.ts'
import { findVersion } from '../registry/registry.ts'
import { findRunBytes, keepRunJson, runKey } from '../runs/run-artifacts.ts'
import { threadsFor } from '../sessions/threads.ts'
import { type OptimiseRequest, optimiseFile } from '../variants/optimise-file.ts'
import { artifacts, objects, registry, setting, settingOr } from './wiring.ts'

// Of the small predict function: infra/settings.ts.
const usualPredictMb = '1769'
// One load or run of a variant.
const loadAndRunMs = 60_000
// What this process needs beside a child that may take as much as the large function has.
const reservedMb = 1024
const timing = { mostRuns: 200, mostMs: 500 }

export type Optimised = { readonly optimisation: Optimisation; readonly bytes: Uint8Array }

/** Variants of a graph, measured with the memory and the threads of the function that serves. */
export const optimise = (memoryMb = Number(settingOr('PERCALL_PREDICT_MEMORY_MB', usualPredictMb))) => {
  const run = optimiseFile({
    program: childProgram(),
    threads: threadsFor(memoryMb),
    limits: { timeMs: loadAndRunMs, memoryMb },
    timing,
    // 8 bits saturate on x86 without VNNI, and which processor a function gets is not known.
    weightBits: process.arch === 'x64' ? 7 : 8,
  })
  return async (bytes: Uint8Array, request: Omit<OptimiseRequest, 'path' | 'folder'>): Promise<Optimised> => {
    const folder = join(tmpdir(), `percall-optimise-${randomUUID()}`)
    await mkdir(folder)
    try {
      const path = join(folder, 'model.onnx')
      await writeFile(path, bytes)
      const { optimisation, path: chosen } = await run({ ...request, path, folder })
      return { optimisation, bytes: await readFile(chosen) }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

/** What the state of a registration needs that optimises a version. */
export const versionOptimising = () => {
  const table = registry()
  const data = { objects: objects(), bucket: setting('PERCALL_DATA_BUCKET') }
  const readBytes = readArtifact(artifacts())
  const smallMb = Number(setting('PERCALL_PREDICT_MEMORY_MB'))
  const largeMb = Number(setting('PERCALL_PREDICT_LARGE_MEMORY_MB'))
  return {
    findRegistration: findRegistration(table),
    changeRegistration: changeRegistration(table),
    findVersion: findVersion(table),
    variantsOf: variantsOfVersion({
      readQuarantined: readQuarantined(data),
      putQuarantined: putQuarantined(data),
      keepChoice: (id, make) => keepRunJson(data)(quarantineKey(id, 'variants.json'), make),
      readManifest: async (digest) =>
        manifestSchema.parse(JSON.parse(new TextDecoder().decode(await readBytes(digest)))),
      findRunFile: (runId, name) => findRunBytes(data)(runKey(runId, name)),
      optimise: (bytes, request, version: Version) =>
        optimise(needsLarge(version, mostModelMb(smallMb)) ? largeMb - reservedMb : smallMb)(bytes, request),
    }),
  }
}
