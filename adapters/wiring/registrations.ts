import { createHash, randomBytes } from 'node:crypto'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { SFNClient } from '@aws-sdk/client-sfn'
import type { Optimisation } from '../../src/optimise/variant.ts'
import { quarantineKey } from '../../src/registry/registration.ts'
import { runId, runIdRandomBytes } from '../../src/run/run-id.ts'
import type { DataBucket } from '../datasets/uploads.ts'
import type { Choice } from '../registry/optimise-version.ts'
import { probeByFunction } from '../registry/probe-function.ts'
import {
  copyToArtifacts,
  discardQuarantine,
  measureStored,
  putQuarantined,
  readQuarantined,
  stageArtifact,
  stageUpload,
} from '../registry/quarantine.ts'
import {
  changeRegistration,
  createRegistration,
  findRegistration,
  listRegistrations,
  requireRegistration,
} from '../registry/registrations.ts'
import { findVersion } from '../registry/registry.ts'
import { storeArtifact } from '../registry/removals.ts'
import { keepOptimisation, publishVersion } from '../registry/versions.ts'
import { startNamedExecution } from '../runs/executions.ts'
import { readRunJson } from '../runs/run-artifacts.ts'
import { artifacts, objects, registry, setting } from './wiring.ts'

const dataBucket = (): DataBucket => ({ objects: objects(), bucket: setting('PERCALL_DATA_BUCKET') })

// The gateway waits 30 s; a probe that takes longer is not waited for.
const probeTimeoutMs = 27_000

/** Registrations as the control plane starts and shows them, and the probe that it asks itself. */
export const registrationPorts = () => {
  const table = registry()
  const data = dataBucket()
  const functions = new LambdaClient({
    requestHandler: { requestTimeout: probeTimeoutMs, throwOnRequestTimeout: true },
  })
  const machine = { executions: new SFNClient({}), machineArn: setting('PERCALL_REGISTER_MACHINE_ARN') }
  return {
    probe: probeByFunction({ functions, functionName: setting('PERCALL_PROBE_FUNCTION') }),
    putQuarantined: putQuarantined(data),
    discardQuarantine: discardQuarantine(data),
    copyToArtifacts: copyToArtifacts({ registry: table, artifacts: artifacts() }, data),
    createRegistration: createRegistration(table),
    requireRegistration: requireRegistration(table),
    listRegistrations: listRegistrations(table),
    startRegistering: startNamedExecution(machine),
    newRegistrationId: (): string => runId(Date.now(), randomBytes(runIdRandomBytes)),
    hash: (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex'),
  }
}

/** What the states of a registration need. */
export const registeringPorts = () => {
  const table = registry()
  const data = dataBucket()
  const places = { registry: table, artifacts: artifacts() }
  return {
    nowMs: (): number => Date.now(),
    findRegistration: findRegistration(table),
    changeRegistration: changeRegistration(table),
    stageUpload: stageUpload(data),
    stageArtifact: stageArtifact(data, places.artifacts),
    findVersion: findVersion(table),
    keepOptimisation: keepOptimisation(table),
    readVariants: async (id: string): Promise<Optimisation> =>
      (await readRunJson(data)<Choice>(quarantineKey(id, 'variants.json'))).optimisation,
    measureStored: measureStored(data),
    readQuarantined: readQuarantined(data),
    copyToArtifacts: copyToArtifacts(places, data),
    discardQuarantine: discardQuarantine(data),
    storeArtifact: storeArtifact(places),
    publishVersion: publishVersion(table),
  }
}

export type RegisteringPorts = ReturnType<typeof registeringPorts>
