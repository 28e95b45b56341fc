import * as z from 'zod'
import { columnKindSchema } from '../dataset/column-codec.ts'
import { datatype } from './common.ts'
import { label } from './prediction.ts'

const shape = z.array(z.int())

export const serverMetadataAnswer = z.object({
  name: z.string(),
  version: z.string(),
  extensions: z.array(z.string()),
})

export const healthAnswer = z.object({ live: z.boolean(), ready: z.boolean() })

export const modelNamesAnswer = z.object({ models: z.array(z.string()) })

/** A size of -1 is variable. */
export const metadataTensor = z.object({ name: z.string(), datatype, shape })

const columnParameter = z.object({
  name: z.string(),
  kind: columnKindSchema,
  format: z.string().exactOptional(),
})

/** Of a trained model its columns and classes, of a model of texts how they become vectors. */
const modelParameters = z.union([
  z.object({ columns: z.array(columnParameter), classes: z.array(label).exactOptional() }),
  z.object({ task: z.literal('embedding'), dimensions: z.int(), maxTokens: z.int(), matryoshka: z.boolean() }),
])

export const modelMetadataAnswer = z.object({
  name: z.string(),
  versions: z.array(z.string()),
  platform: z.literal('onnxruntime_onnx'),
  inputs: z.array(metadataTensor),
  outputs: z.array(metadataTensor),
  parameters: modelParameters.exactOptional(),
})

export const modelReadyAnswer = z.object({ name: z.string(), ready: z.literal(true) })

export const repositoryIndexAnswer = z.array(
  z.object({ name: z.string(), version: z.string(), state: z.literal('READY'), reason: z.string() }),
)

/** `data` is row-major and flat; absent where the output's bytes follow the JSON. */
export const responseOutput = z.object({
  name: z.string(),
  datatype,
  shape,
  data: z.array(z.union([z.number(), z.string(), z.boolean(), z.null()])).exactOptional(),
  parameters: z
    .object({ binary_data_size: z.int().exactOptional(), non_finite: z.literal(true).exactOptional() })
    .exactOptional(),
})

export const inferenceAnswer = z.object({
  model_name: z.string(),
  model_version: z.string(),
  id: z.string().exactOptional(),
  outputs: z.array(responseOutput),
})

const duration = z.object({ count: z.int(), ns: z.int() })

/** Triton's statistics extension. */
export const modelStatisticsAnswer = z.object({
  model_stats: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      last_inference: z.int(),
      inference_count: z.int(),
      execution_count: z.int(),
      inference_stats: z.object({
        success: duration,
        fail: duration,
        queue: duration,
        compute_input: duration,
        compute_infer: duration,
        compute_output: duration,
        cache_hit: duration,
        cache_miss: duration,
      }),
      response_stats: z.object({}),
      batch_stats: z.array(z.never()),
      memory_usage: z.array(z.never()),
    }),
  ),
})
