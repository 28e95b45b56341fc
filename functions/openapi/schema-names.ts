import * as z from 'zod'
import { consumerChangeSchema, consumerSchema } from '../../src/access/consumer.ts'
import { keySchema, rotationSchema } from '../../src/access/key-request.ts'
import { limitsSchema } from '../../src/access/limits.ts'
import * as billing from '../../src/answers/billing.ts'
import * as calls from '../../src/answers/calls.ts'
import * as common from '../../src/answers/common.ts'
import * as inference from '../../src/answers/inference.ts'
import * as prediction from '../../src/answers/prediction.ts'
import * as reconciliations from '../../src/answers/reconciliations.ts'
import * as registry from '../../src/answers/registry.ts'
import * as training from '../../src/answers/training.ts'
import { batchRequestSchema } from '../../src/batch/batch.ts'
import { adjustmentSchema } from '../../src/billing/adjustment.ts'
import { creditSchema } from '../../src/billing/credit.ts'
import { priceSchema } from '../../src/billing/price-request.ts'
import { instancesSchema } from '../../src/call/instances.ts'
import { columnCodecSchema } from '../../src/dataset/column-codec.ts'
import { reconciliationSchema } from '../../src/ledger/reconciliation-request.ts'
import { runRequestSchema } from '../../src/run/request.ts'
import { inferRequestSchema } from '../../src/tensor/json-request.ts'
import { ownerUploadSchema, uploadSchema } from '../../src/upload.ts'
import { pointerSchema } from '../control/aliases.ts'
import { modelChangeSchema, modelSchema } from '../control/models.ts'
import { registrationSchema } from '../control/registrations.ts'
import { embeddingRequest } from './embedding-request.ts'

/** What a schema is called among the document's components, and what JSON Schema cannot know of it. */
type Meta = { readonly id?: string } & Readonly<Record<string, unknown>>

/** Names of schemas, apart from them: a handler's bundle holds none. */
export const schemaNames = z.registry<Meta>()

// Those of the protocol's own document:
// https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/open_inference_rest.yaml
const { inputs, outputs } = inferRequestSchema.shape
const tensorData = {
  id: 'tensor_data',
  description: 'Values, flat or nested as the shape is.',
  type: 'array',
  // Not itself again, as in the protocol's document: generators make types of it that refer to themselves.
  items: { anyOf: [{ type: 'array', items: {} }, { type: 'number' }, { type: 'string' }, { type: 'boolean' }] },
}

const named: readonly (readonly [z.ZodType, Meta])[] = [
  [inference.serverMetadataAnswer, { id: 'metadata_server_response' }],
  [inference.modelMetadataAnswer, { id: 'metadata_model_response' }],
  [inference.metadataTensor, { id: 'metadata_tensor' }],
  [inferRequestSchema, { id: 'inference_request' }],
  [inputs.element, { id: 'request_input' }],
  [inputs.element.shape.data.unwrap(), tensorData],
  [outputs.unwrap().element, { id: 'request_output' }],
  [inference.inferenceAnswer, { id: 'inference_response' }],
  [inference.responseOutput, { id: 'response_output' }],
  [inference.modelStatisticsAnswer, { id: 'model_statistics_response' }],
  [inference.repositoryIndexAnswer, { id: 'repository_index_response' }],
  [common.problemAnswer, { id: 'Problem' }],
  [common.errorCode, { id: 'ErrorCode' }],
  [common.openAiErrorAnswer, { id: 'OpenAiError' }],
  [common.gatewayAnswer, { id: 'GatewayError' }],
  [common.datatype, { id: 'Datatype' }],
  [common.uploadAnswer, { id: 'Upload' }],
  [uploadSchema, { id: 'UploadRequest' }],
  [ownerUploadSchema, { id: 'OwnerUploadRequest' }],
  [instancesSchema, { id: 'Instances' }],
  [instancesSchema.shape.instances, { type: 'array', minItems: 1, items: {}, description: 'Rows.' }],
  [prediction.predictionsAnswer, { id: 'Predictions' }],
  [prediction.openAiModelAnswer, { id: 'OpenAiModel' }],
  [embeddingRequest, { id: 'EmbeddingRequest' }],
  [prediction.embeddingsAnswer, { id: 'Embeddings' }],
  [calls.callAnswer, { id: 'Call' }],
  [calls.batchAnswer, { id: 'Batch' }],
  [batchRequestSchema, { id: 'BatchRequest' }],
  [modelSchema, { id: 'NewModel' }],
  [modelChangeSchema, { id: 'ModelChange' }],
  [registry.modelAnswer, { id: 'Model' }],
  [registry.modelStatsAnswer, { id: 'ModelStats' }],
  [registry.versionAnswer, { id: 'Version' }],
  [registry.versionWithAliasesAnswer, { id: 'VersionWithAliases' }],
  [registrationSchema, { id: 'NewRegistration' }],
  [registry.registrationAnswer, { id: 'Registration' }],
  [pointerSchema, { id: 'AliasChange' }],
  [registry.aliasAnswer, { id: 'Alias' }],
  [training.datasetAnswer, { id: 'Dataset' }],
  [training.datasetVersionAnswer, { id: 'DatasetVersion' }],
  [training.datasetIngestedAnswer, { id: 'IngestedDatasetVersion' }],
  [columnCodecSchema, { id: 'ColumnCodec' }],
  [runRequestSchema, { id: 'RunRequest' }],
  [training.runRequestAnswer, { id: 'PlannedRunRequest' }],
  [training.runAnswer, { id: 'Run' }],
  [consumerSchema, { id: 'NewConsumer' }],
  [consumerChangeSchema, { id: 'ConsumerChange' }],
  [billing.consumerAnswer, { id: 'Consumer' }],
  [billing.changedConsumerAnswer, { id: 'ChangedConsumer' }],
  [creditSchema, { id: 'NewCredit' }],
  [adjustmentSchema, { id: 'NewAdjustment' }],
  [billing.adjustmentAnswer, { id: 'Adjustment' }],
  [billing.invoiceAnswer, { id: 'Invoice' }],
  [billing.creditAnswer, { id: 'Credit' }],
  [keySchema, { id: 'NewKey' }],
  [rotationSchema, { id: 'KeyRotation' }],
  [limitsSchema, { id: 'Limits' }],
  [billing.keyMadeAnswer, { id: 'KeySecret' }],
  [billing.keyRotatedAnswer, { id: 'RotatedKey' }],
  [billing.quoteAnswer, { id: 'Quote' }],
  [billing.usageAnswer, { id: 'Usage' }],
  [reconciliationSchema, { id: 'NewReconciliation' }],
  [reconciliations.reconciliationAnswer, { id: 'Reconciliation' }],
  [reconciliations.reconciliationsAnswer, { id: 'Reconciliations' }],
  [billing.meAnswer, { id: 'Me' }],
  [priceSchema, { id: 'NewPrice' }],
  [billing.pricesAnswer, { id: 'Prices' }],
]

for (const [schema, meta] of named) schemaNames.add(schema, meta)
