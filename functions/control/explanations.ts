import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { PercallError } from '../../src/errors.ts'
import { parseGlobal } from '../../src/explain/global-file.ts'
import type { Version } from '../../src/registry/version.ts'
import { json, type Route } from '../route.ts'
import { requireVersion } from './versions.ts'

type ControlRoute = Route<ControlPorts>

const suffix = '.svg'

const requireExplanations = ({ model, number, explanations }: Version): NonNullable<Version['explanations']> => {
  if (explanations) return explanations
  throw new PercallError(
    'UNKNOWN_EXPLANATION',
    `version ${model}/${number}: expected one with explanations, it has none`,
  )
}

const show: ControlRoute['run'] = async (request, ports) => {
  const { digest, plots } = requireExplanations(await requireVersion(request, ports))
  return json(200, { ...parseGlobal(await ports.readArtifact(digest)), plots: Object.keys(plots) })
}

const plot: ControlRoute['run'] = async (request, ports) => {
  const { plots } = requireExplanations(await requireVersion(request, ports))
  const { plot: file = '' } = request.params
  const name = file.endsWith(suffix) ? file.slice(0, -suffix.length) : ''
  const digest = Object.hasOwn(plots, name) ? plots[name] : undefined
  if (digest === undefined) {
    const files = Object.keys(plots).map((one) => `${one}${suffix}`)
    throw new PercallError('UNKNOWN_EXPLANATION', `plot: expected ${files.join(', ')}, got ${file}`)
  }
  return { status: 200, headers: { 'content-type': 'image/svg+xml' }, body: await ports.readArtifact(digest) }
}

const all = '/api/models/{model}/versions/{version}/explanations'

/** What a version says of itself as a whole. */
export const explanationRoutes = [
  { method: 'GET', path: all, access: 'owner', run: show },
  { method: 'GET', path: `${all}/{plot}`, access: 'owner', run: plot },
] as const satisfies readonly ControlRoute[]
