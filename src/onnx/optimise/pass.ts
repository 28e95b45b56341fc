import type { GraphProto } from '../proto/generated/onnx_pb.js'

/**
 * Changes a graph in place and answers how many changes it made. Bodies of If, Loop and Scan, and local functions, stay
 * as they are.
 */
export type Pass = (graph: GraphProto, opset: number) => number
