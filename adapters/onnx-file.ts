import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { inspectOnnxSource, type OnnxFacts } from '../src/onnx/inspect.ts'

/** Inspects a file of any size by the parts that matter: weights are passed over, not read. Throws as `inspectOnnx`. */
export const inspectFile = (path: string): OnnxFacts => {
  const file = openSync(path, 'r')
  try {
    const read = (offset: number, length: number): Uint8Array => {
      const bytes = new Uint8Array(length)
      const got = readSync(file, bytes, 0, length, offset)
      return got === length ? bytes : bytes.subarray(0, got)
    }
    return inspectOnnxSource({ sizeBytes: fstatSync(file).size, read })
  } finally {
    closeSync(file)
  }
}
