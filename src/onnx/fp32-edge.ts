/**
 * ONNX Runtime's JavaScript loads no model with bfloat16 at its edges ("Unsupported data type: 16"); inside a graph it
 * works. So the file that serves such a model has FP32 edges of other names, with a Cast between each and the value that
 * has the model's own name. Every bfloat16 is an FP32, so nothing is lost on the way in, nor on the way out.
 */
const suffixes = { input: '/percall-fp32-input', output: '/percall-fp32-output' } as const

export type EdgeSide = keyof typeof suffixes

/** The name of the FP32 edge that stands for a BF16 one. */
export const fp32Edge = (side: EdgeSide, name: string): string => name + suffixes[side]

/** A text of ONNX Runtime with the model's own names. */
export const withOwnNames = (text: string): string =>
  Object.values(suffixes).reduce((words, suffix) => words.replaceAll(suffix, ''), text)
