import { readArtifact } from '../aws/artifacts.ts'
import { aliasHistory, moveAlias } from '../registry/aliases.ts'
import { artifactLink } from '../registry/artifact-links.ts'
import {
  findAlias,
  findModel,
  findVersion,
  listAliases,
  listAllVersions,
  listModels,
  listVersions,
  putModel,
  readModel,
} from '../registry/registry.ts'
import { removeArtifact, storeArtifact } from '../registry/removals.ts'
import { withdrawUnused } from '../registry/version-uses.ts'
import { publishVersion } from '../registry/versions.ts'
import { billingHours } from './ledger.ts'
import { artifacts, documents, registry, setting } from './wiring.ts'

/** Models, versions and aliases as the control plane and training write them. */
export const registryPorts = () => {
  const table = registry()
  const ledger = { documents: documents(), table: setting('PERCALL_LEDGER_TABLE') }
  const places = { registry: table, artifacts: artifacts() }
  return {
    readModel: readModel(table),
    findModel: findModel(table),
    listModels: listModels(table),
    putModel: putModel(table),
    findVersion: findVersion(table),
    listVersions: listVersions(table),
    listAllVersions: listAllVersions(table),
    publishVersion: publishVersion(table),
    withdrawVersion: withdrawUnused({ registry: table, ledger, hourAt: billingHours().hourAt }),
    findAlias: findAlias(table),
    listAliases: listAliases(table),
    moveAlias: moveAlias(table),
    aliasHistory: aliasHistory(table),
    storeArtifact: storeArtifact(places),
    removeArtifact: removeArtifact(places),
    artifactLink: artifactLink(places.artifacts),
    readArtifact: readArtifact(places.artifacts),
    nowMs: (): number => Date.now(),
  }
}
