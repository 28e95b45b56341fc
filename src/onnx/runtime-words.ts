/**
 * ONNX Runtime's messages in the caller's terms. They carry paths of the machine that built it, C++ signatures and lines
 * of source: only what a pattern below names leaves, or a sentence that holds none of these.
 * The messages are those of onnxruntime-node 1.30, collected by test/src/onnx/runtime-words.test.ts.
 */

import { withOwnNames } from './fp32-edge.ts'

type Pattern = readonly [RegExp, (...groups: readonly string[]) => string]

const sizes = (text: string): string => `[${text.replace(/[{}\s]/g, '')}]`

const inputs: readonly Pattern[] = [
  [
    /Got invalid dimensions for input: (.+?) for the following indices\s+index: (\d+) Got: (-?\d+) Expected: (-?\d+)/s,
    (name, axis, got, expected) => `input ${name}: dimension ${axis}: expected ${expected}, got ${got}`,
  ],
  [
    /Invalid rank for input: (.+?) Got: (\d+) Expected: (\d+)/s,
    (name, got, expected) => `input ${name}: expected ${expected} dimensions, got ${got}`,
  ],
  [
    /Unexpected input data type\. Actual: \(tensor\((\w+)\)\) , expected: \(tensor\((\w+)\)\)/,
    (got, expected) => `an input: expected elements of type ${expected}, got ${got}`,
  ],
  [/input '(.+?)' is missing in 'feeds'/s, (name) => `input ${name}: expected a tensor, got none`],
  [/Missing Input: (.+?)\s*$/s, (name) => `input ${name}: expected a tensor, got none`],
  [/Invalid (?:input|feed input) name:\s*(.+?)\s*$/is, (name) => `input ${name}: the model has none of this name`],
  [/contains invalid output name: (.+?)\.?\s*$/s, (name) => `output ${name}: the model has none of this name`],
]

const runs: readonly Pattern[] = [
  [
    /Failed to allocate memory for requested buffer of size (\d+)/,
    (bytes) => `expected to fit into memory, got a buffer of ${bytes} bytes`,
  ],
  [/bad_?alloc|out of memory/i, () => 'expected to fit into memory, got more'],
  [/Integer overflow|storage size overflowed/, () => 'expected a size that can be counted, got one beyond 64 bits'],
  [/shape\.Size\(\) must be >= 0/, () => 'expected sizes of 0 or more, got a negative one'],
  [
    /indices element out of data bounds, idx=(-?\d+) must be within the inclusive range \[(-?\d+),(-?\d+)\]/,
    (index, least, most) => `expected indices from ${least} to ${most}, got ${index}`,
  ],
  [/invalid index found, index = (-?\d+)/, (index) => `expected an index in range, got ${index}`],
  [/Out of range value in index tensor/, () => 'expected indices in range, got one beyond'],
  [
    /cannot be reshaped to the requested shape\. Input shape:(\{[\d,\s-]*\}), requested shape:(\{[\d,\s-]*\})/,
    (from, to) => `expected as many elements as ${sizes(to ?? '')}, got ${sizes(from ?? '')}`,
  ],
  [
    /Attempting to broadcast an axis by a dimension other than 1\. (\d+) by (\d+)/,
    (a, b) => `expected equal sizes or 1, got ${a} and ${b}`,
  ],
  [
    /Axis (\d+) has mismatched dimensions of (\d+) and (\d+)/,
    (axis, a, b) => `dimension ${axis}: expected equal sizes, got ${a} and ${b}`,
  ],
  [/MatMul dimension mismatch|GEMM: Dimension mismatch/i, () => 'expected inner dimensions of equal size'],
  [
    /Input channels C is not equal to kernel channels \* group\. C: (\d+) kernel channels: (\d+) group: (\d+)/,
    (got, channels, group) => `expected ${Number(channels) * Number(group)} channels, got ${got}`,
  ],
  [/Status Message: stod|Status Message: stof|Status Message: stoi/, () => 'expected texts that are numbers'],
]

const loads: readonly Pattern[] = [
  [
    /No Op registered for (\w+) with domain_version of (\d+)/,
    (operator, opset) => `operator ${operator} is not known in opset ${opset}`,
  ],
  [/No opset import for domain '(.*?)'/s, (domain) => `operators of domain ${domain} are used without an opset import`],
  [
    /Could not find an implementation for (\w+)\((\d+)\)/,
    (operator) => `operator ${operator} is not implemented for these types`,
  ],
  [
    /Node input '(.+?)' is not a graph input, initializer, or output of a previous node/s,
    (name) => `value ${name} is read by a node and made by none`,
  ],
  [/Graph output \((.+?)\) does not exist in the graph/s, (name) => `output ${name} is made by no node`],
  [/the graph is not acyclic/, () => 'its nodes form a circle'],
  [/two nodes with same node name \((.+?)\)/s, (name) => `two nodes have the name ${name}`],
  [
    /Type \((?:tensor\()?(\w+)\)?\) of output arg \((.+?)\) of node .+? does not match expected type \((?:tensor\()?(\w+)\)?\)/s,
    (got, name, expected) => `value ${name}: expected elements of type ${expected}, got ${got}`,
  ],
  [
    /Unsupported model IR version: (\d+), max supported IR version: (\d+)/,
    (got, most) => `IR version ${got}: expected at most ${most}`,
  ],
  [/Opset (\d+) is under development/, (opset) => `opset ${opset} is newer than this runtime`],
  [/Failed to construct locale with name:\s*([\w.-]+)/, (locale) => `locale ${locale} is not there`],
  [/Missing opset in the model/, () => 'it imports no opset'],
  [/protobuf parsing failed/i, () => 'its bytes are no ONNX protobuf'],
]

const generic = 'the model and its inputs do not fit together'

// A path, a C++ name, a file of source, a template or a bracketed log mark: none of ours to show.
const foreign = /[\\/]|::|\.(?:cc|cpp|h|hpp|cu)\b|[<>]|\[ONNX|0x[0-9a-f]{4}|onnxruntime|Ort/i
const longestWords = 200

/** The last part of a message, where ONNX Runtime's authors wrote for people; undefined when it is not fit to show. */
const remainder = (message: string): string | undefined => {
  const after = message.split(/Status Message:|was false\./).at(-1) ?? ''
  const text = after.replace(/\s+/g, ' ').trim()
  return text === '' || text.length > longestWords || foreign.test(text) ? undefined : text.replace(/\.$/, '')
}

/** A message of ONNX Runtime without paths, source or stack: what was expected and what came, by names of the model. */
export const refusalWords = (text: string): string => {
  const message = withOwnNames(text)
  const operator = /while running (\w+) node/.exec(message)?.[1]
  const by = operator === undefined ? '' : `operator ${operator}: `
  for (const [pattern, words] of [...inputs, ...runs, ...loads]) {
    const found = pattern.exec(message)
    if (found) return `${by}${words(...found.slice(1))}`.slice(0, 2 * longestWords)
  }
  return `${by}${remainder(message) ?? generic}`
}

/** True where ONNX Runtime wanted more memory than it got. */
export const isOutOfMemory = (message: string): boolean =>
  /bad_?alloc|out of memory|failed to allocate|storage size overflowed|Integer overflow/i.test(message)
