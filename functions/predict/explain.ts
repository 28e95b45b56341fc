import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import { parseUnknown } from '../../src/call/instances.ts'
import { parseReference } from '../../src/registry/version.ts'
import type { Route } from '../route.ts'
import { call } from './answer.ts'
import { rowsBody } from './row-bodies.ts'

type PredictRoute = Route<PredictPorts>

const verbSuffix = ':explain'

const explain: PredictRoute['run'] = (request, { answer, readExplain }) =>
  call(answer, request, {
    reference: parseReference((request.params.target ?? '').slice(0, -verbSuffix.length)),
    read: readExplain(rowsBody(request), request.query, parseUnknown(request.query)),
  })

/** Explained calls by rows. */
export const explainRoutes = [
  {
    method: 'POST',
    path: '/v1/models/{target}',
    access: 'key',
    scope: ['explain'],
    form: { shown: `{model}${verbSuffix}`, fits: ({ target = '' }) => target.endsWith(verbSuffix) },
    run: explain,
  },
] as const satisfies readonly PredictRoute[]
