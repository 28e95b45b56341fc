import type { InferenceSession } from 'onnxruntime-node'

/** What a version's bytes are: as they were pushed, or pre-optimised by its probe. */
export type ModelFormat = 'onnx' | 'ort'

// A spinning thread burns the time that the next request of a small function needs.
const noSpinning = { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } }

/**
 * How every session is opened, in the function and in its children alike. With 'ort' the bytes must live as long as the
 * session: its weights stay where they are. Prepacking stays on: without it 30 MB load in 25 instead of 60 ms, and a run
 * of 4 rows takes 10 instead of 2.4 ms, each time (onnxruntime-node 1.30, one thread).
 */
export const sessionOptions = (format: ModelFormat, threads: number): InferenceSession.SessionOptions => ({
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  // Errors come back as exceptions; ONNX Runtime's own log would write paths and values to the function's log.
  logSeverityLevel: 4,
  extra: {
    session: {
      ...noSpinning,
      ...(format === 'ort' && {
        load_model_format: 'ORT',
        use_ort_model_bytes_directly: '1',
        use_ort_model_bytes_for_initializers: '1',
      }),
    },
  },
})
