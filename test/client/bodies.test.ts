/** The client's types of bodies against the schemas that the document is made of: tsc compares them, nothing runs. */
import { expectTypeOf, test } from 'vitest'
import type * as z from 'zod'
import type * as client from '../../client/bodies.ts'
import type { RunBody } from '../../client/training.ts'
import type * as billing from '../../src/answers/billing.ts'
import type * as calls from '../../src/answers/calls.ts'
import type * as inference from '../../src/answers/inference.ts'
import type * as registry from '../../src/answers/registry.ts'
import type * as training from '../../src/answers/training.ts'

test('each answer of the document -> is what the client reads it as', () => {
  expectTypeOf<z.output<typeof registry.modelAnswer>>().toExtend<client.ModelBody>()
  expectTypeOf<z.output<typeof registry.modelsAnswer>>().toExtend<client.Page<'models', client.ModelBody>>()
  expectTypeOf<z.output<typeof registry.versionAnswer>>().toExtend<client.VersionBody>()
  expectTypeOf<z.output<typeof registry.versionWithAliasesAnswer>>().toExtend<client.VersionBody>()
  expectTypeOf<z.output<typeof registry.registrationAnswer>>().toExtend<client.RegistrationBody>()
  expectTypeOf<z.output<typeof registry.modelStatsAnswer>>().toExtend<client.StatsBody>()
  expectTypeOf<
    z.output<typeof inference.modelStatisticsAnswer>['model_stats'][number]
  >().toExtend<client.ModelStatsBody>()
  expectTypeOf<z.output<typeof inference.metadataTensor>>().toExtend<client.TensorBody>()
  expectTypeOf<z.output<typeof billing.pricesAnswer>>().toExtend<client.PricesBody>()
  expectTypeOf<z.output<typeof billing.consumerAnswer>>().toExtend<client.ConsumerBody>()
  expectTypeOf<z.output<typeof billing.keysAnswer>>().toExtend<client.Page<'keys', client.KeyBody>>()
  expectTypeOf<z.output<typeof billing.quoteAnswer>>().toExtend<client.QuoteBody>()
  expectTypeOf<z.output<typeof billing.auditPageAnswer>>().toExtend<client.Page<'changes', client.AuditBody>>()
  expectTypeOf<z.output<typeof billing.meAnswer>>().toExtend<client.MeBody>()
  expectTypeOf<z.output<typeof calls.callAnswer>>().toExtend<client.CallBody>()
  expectTypeOf<z.output<typeof calls.batchAnswer>>().toExtend<client.BatchBody>()
  expectTypeOf<z.output<typeof calls.rowErrorsAnswer>>().toExtend<client.Page<'errors', client.RowErrorBody>>()
  expectTypeOf<z.output<typeof training.runAnswer>>().toExtend<RunBody>()
})
