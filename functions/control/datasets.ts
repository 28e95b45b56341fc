import * as z from 'zod'
import type { ControlPorts } from '../../adapters/wiring/control.ts'
import {
  type Dataset,
  type DatasetVersion,
  dataFormats,
  formatOfMediaType,
  unknownDataset,
} from '../../src/dataset/dataset.ts'
import { PercallError } from '../../src/errors.ts'
import { parsePage } from '../../src/page.ts'
import { requireName } from '../../src/registry/model.ts'
import { parseVersion } from '../../src/registry/version.ts'
import { mediaType } from '../middleware/decode.ts'
import { requireUnbroken } from '../middleware/unbroken.ts'
import { json, type Route, type RouteRequest } from '../route.ts'
import { jsonBody } from './json-body.ts'

type ControlRoute = Route<ControlPorts>

// The gateway's event is 6 MB in all, and a binary body is a third larger in base64.
const mostInlineBytes = 4 * 1024 * 1024

export const newDatasetSchema = z.strictObject({ name: z.string() })
export const datasetUploadSchema = z.strictObject({ upload: z.string(), format: z.enum(dataFormats).optional() })

const datasetBody = ({ name, lastVersion, createdAtMs }: Dataset) => ({
  name,
  lastVersion,
  createdAt: new Date(createdAtMs).toISOString(),
})

const versionBody = ({ number, digest, rows, createdAtMs, ...version }: DatasetVersion) => ({
  version: number,
  sha256: digest ?? null,
  rows: rows ?? null,
  ...version,
  createdAt: new Date(createdAtMs).toISOString(),
})

const requireDataset = async (ports: ControlPorts, name = ''): Promise<Dataset> => {
  const dataset = await ports.findDataset(requireName('dataset', name))
  if (!dataset) throw unknownDataset(name)
  return dataset
}

const list: ControlRoute['run'] = async ({ query }, ports) => {
  const { items, next } = await ports.listDatasets(parsePage(query))
  return json(200, { datasets: items.map(datasetBody), ...(next && { next }) })
}

const create: ControlRoute['run'] = async (request, ports) => {
  const name = requireName('dataset', jsonBody(newDatasetSchema, request).name)
  const dataset = { name, createdAtMs: ports.nowMs(), lastVersion: 0 }
  await ports.createDataset(dataset)
  return json(201, datasetBody(dataset))
}

const show: ControlRoute['run'] = async ({ params }, ports) =>
  json(200, datasetBody(await requireDataset(ports, params.dataset)))

const versions: ControlRoute['run'] = async ({ params, query }, ports) => {
  const { name } = await requireDataset(ports, params.dataset)
  const { items, next } = await ports.listDatasetVersions(name, parsePage(query))
  return json(200, { versions: items.map(versionBody), ...(next && { next }) })
}

const showVersion: ControlRoute['run'] = async ({ params }, ports) => {
  const { name } = await requireDataset(ports, params.dataset)
  const number = parseVersion(name, params.version ?? '')
  const version = await ports.findDatasetVersion(name, number)
  if (!version) throw unknownDataset(name, number)
  return json(200, versionBody(version))
}

/** The body itself, or the upload that a JSON body names. */
const sourceOf = async (request: RouteRequest, ports: ControlPorts) => {
  const type = mediaType(request)
  if (type === 'application/json') {
    const { upload, format } = jsonBody(datasetUploadSchema, request)
    const source = await ports.findUpload(request.principal.consumerId, upload)
    return { source, format: format ?? formatOfMediaType(source.contentType) }
  }
  const format = formatOfMediaType(type)
  const { length } = request.body
  if (length > mostInlineBytes)
    throw new PercallError('TOO_LARGE', `body: expected at most ${mostInlineBytes} bytes, got ${length}`)
  if (format !== 'parquet') requireUnbroken(request.body)
  return { source: { bytes: request.body }, format }
}

const add: ControlRoute['run'] = async (request, ports) => {
  const dataset = requireName('dataset', request.params.dataset ?? '')
  const { source, format } = await sourceOf(request, ports)
  const { version, isNew, profile, notice } = await ports.ingestDataset(dataset, format, source)
  const location = `/api/datasets/${dataset}/versions/${version.number}`
  const body = { ...versionBody(version), profile: profile ?? null, ...(notice !== undefined && { notice }) }
  return json(isNew ? 201 : 200, body, { location })
}

const all = '/api/datasets/{dataset}/versions'

export const datasetRoutes = [
  { method: 'GET', path: '/api/datasets', access: 'owner', run: list },
  { method: 'POST', path: '/api/datasets', access: 'owner', run: create },
  { method: 'GET', path: '/api/datasets/{dataset}', access: 'owner', run: show },
  { method: 'GET', path: all, access: 'owner', run: versions },
  { method: 'POST', path: all, access: 'owner', run: add },
  { method: 'GET', path: `${all}/{version}`, access: 'owner', run: showVersion },
] as const satisfies readonly ControlRoute[]
