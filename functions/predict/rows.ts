import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import { parseUnknown, readRows } from '../../src/call/instances.ts'
import { parseReference } from '../../src/registry/version.ts'
import type { Route } from '../route.ts'
import { call } from './answer.ts'
import { rowsBody } from './row-bodies.ts'

type PredictRoute = Route<PredictPorts>

const verbSuffix = ':predict'

const predict: PredictRoute['run'] = (request, { answer }) =>
  call(answer, request, {
    reference: parseReference((request.params.target ?? '').slice(0, -verbSuffix.length)),
    read: readRows(rowsBody(request), parseUnknown(request.query)),
  })

/** Calls by rows. */
export const rowRoutes = [
  {
    method: 'POST',
    path: '/v1/models/{target}',
    access: 'key',
    scope: ['predict'],
    // A gateway's path variable is a whole segment, so the verb behind the last colon is a part of it.
    form: { shown: `{model}${verbSuffix}`, fits: ({ target = '' }) => target.endsWith(verbSuffix) },
    run: predict,
  },
] as const satisfies readonly PredictRoute[]
