import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { withFp32Edges } from '../../src/onnx/bfloat16-edges.ts'
import { inspectOnnxSource, type OnnxFacts } from '../../src/onnx/inspect.ts'
import type { ByteSource } from '../../src/onnx/wire.ts'

const withSource = <Result>(path: string, use: (source: ByteSource) => Result): Result => {
  const file = openSync(path, 'r')
  try {
    const read = (offset: number, length: number): Uint8Array => {
      const bytes = new Uint8Array(length)
      const got = readSync(file, bytes, 0, length, offset)
      return got === length ? bytes : bytes.subarray(0, got)
    }
    return use({ sizeBytes: fstatSync(file).size, read })
  } finally {
    closeSync(file)
  }
}

/** Inspects a file of any size by the parts that matter: weights are passed over, not read. Throws as `inspectOnnx`. */
export const inspectFile = (path: string): OnnxFacts => withSource(path, inspectOnnxSource)

const mostCopied = 1024 * 1024

/** Writes the file at `path` with FP32 edges to `target`, 1 MB at a time. Throws UNSUPPORTED_ONNX. */
export const writeFp32Edges = (path: string, target: string): void =>
  withSource(path, (source) => {
    const file = openSync(target, 'w')
    try {
      for (const piece of withFp32Edges(source)) {
        if (piece instanceof Uint8Array) writeSync(file, piece)
        else
          for (let from = piece.from; from < piece.to; from += mostCopied)
            writeSync(file, source.read(from, Math.min(mostCopied, piece.to - from)))
      }
    } finally {
      closeSync(file)
    }
  })
