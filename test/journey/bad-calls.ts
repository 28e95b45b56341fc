import { columnBody } from './models.ts'
import type { RawRequest } from './raw-request.ts'

export type KeyName = 'consumer' | 'narrow' | 'owner' | 'mistyped' | 'revoked' | 'expired' | 'orphan'

/** What is wrong, the request, and the refusal: status, code (null where the gateway itself refuses), and its words. */
export type BadRequest = readonly [
  title: string,
  request: RawRequest & { readonly key?: KeyName | null },
  status: number,
  code: string | null,
  words: RegExp,
]

const x = { name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] }
const n = { name: 'n', datatype: 'INT64', shape: [1], data: [7] }
const t = { name: 't', datatype: 'BYTES', shape: [1], data: ['a'] }

/** A call of the echo model that is right, and the same with some of it replaced. */
export const goodCall = { path: '/v2/models/echo/infer', body: JSON.stringify({ inputs: [x, n, t] }) }
const infer = (body: unknown, path = goodCall.path) => ({ path, body: JSON.stringify(body) })
const inferText = (body: string | Uint8Array, headers = {}) => ({ path: goodCall.path, body, headers })
const withX = (change: object) => infer({ inputs: [{ ...x, ...change }, n, t] })
const withN = (data: string) =>
  inferText(`{"inputs":[${JSON.stringify(x)},{"name":"n","datatype":"INT64","shape":[1],"data":[${data}]}]}`)
const withT = (data: readonly unknown[]) => infer({ inputs: [x, n, { ...t, data }] })
const to = (path: string) => ({ path, body: goodCall.body })
const batchOf = (input: string) => infer({ model: 'echo', input, format: 'csv' }, '/v1/batches')

/** An array in an array, so often. */
export const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

export const badNames: readonly BadRequest[] = [
  ['unknown model', to('/v2/models/nobody/infer'), 404, 'UNKNOWN_MODEL', /unknown model: 'nobody'/],
  ['unknown version', to('/v2/models/echo/versions/9/infer'), 404, 'UNKNOWN_VERSION', /'echo' version 9/],
  ['version 0', to('/v2/models/echo@0/infer'), 404, 'UNKNOWN_VERSION', /version 0/],
  ['version of 30 digits', to(`/v2/models/echo@${'9'.repeat(30)}/infer`), 404, 'UNKNOWN_VERSION', /'echo' version 999/],
  ['version in words', to('/v2/models/echo/versions/two/infer'), 404, 'UNKNOWN_VERSION', /version two/],
  ['two versions', to('/v2/models/echo@1/versions/1/infer'), 400, 'BAD_REQUEST', /echo@1: expected one version/],
  ['unknown alias', to('/v2/models/echo@canary/infer'), 404, 'UNKNOWN_ALIAS', /model echo: no alias canary/],
  ['empty alias', to('/v2/models/echo@/infer'), 404, 'UNKNOWN_ALIAS', /echo: no alias/],
  ['no name', to('/v2/models/@live/infer'), 404, 'UNKNOWN_MODEL', /unknown model: ''/],
  ['empty segment', to('/v2/models//infer'), 404, 'UNKNOWN_ROUTE', /POST \/v2\/models\/\/infer/],
  ['overlong name', to(`/v2/models/${'a'.repeat(4000)}/infer`), 404, 'UNKNOWN_MODEL', /unknown model: 'aaa/],
  ['NUL in a name', to('/v2/models/echo%00/infer'), 404, 'UNKNOWN_MODEL', /unknown model/],
  ['prototype as a name', to('/v2/models/__proto__/infer'), 404, 'UNKNOWN_MODEL', /'__proto__'/],
  ['dots', to('/v2/models/../../api/models'), 404, 'UNKNOWN_ROUTE', /no route POST/],
  ['escaped dots', to('/v2/models/%2e%2e%2f%2e%2e%2fetc%2fpasswd/infer'), 404, 'UNKNOWN_ROUTE', /no route POST/],
  ['dots escaped twice', to('/v2/models/%252e%252e%252fecho/infer'), 404, 'UNKNOWN_MODEL', /'%2e%2e%2fecho'/],
  ['name escaped twice', to('/v2/models/%2565cho/infer'), 404, 'UNKNOWN_MODEL', /'%65cho'/],
  ['percent in a name', to('/v2/models/100%25/infer'), 404, 'UNKNOWN_MODEL', /'100%'/],
  ['escape that is no UTF-8', to('/v2/models/%ff/infer'), 400, null, /Bad Request/],
  ['another verb of a model', to('/v1/models/echo:tune'), 404, 'UNKNOWN_ROUTE', /expected \{model\}:predict/],
  ['no name of rows', to('/v1/models/:predict'), 404, 'UNKNOWN_MODEL', /unknown model: ''/],
  ['unknown route', to('/v3/models'), 404, 'UNKNOWN_ROUTE', /no route POST \/v3\/models/],
  ['overlong call', { method: 'GET', path: `/v1/calls/${'a'.repeat(2000)}` }, 404, 'UNKNOWN_CALL', /call aaa/],
  ['overlong call, cancelled', { path: `/v1/calls/${'a'.repeat(2000)}/cancel` }, 404, 'UNKNOWN_CALL', /call aaa/],
  ['empty upload', batchOf(''), 404, 'UNKNOWN_UPLOAD', /upload : none is kept/],
  ['overlong upload', batchOf('a'.repeat(2000)), 404, 'UNKNOWN_UPLOAD', /upload aaa/],
]

export const badTensors: readonly BadRequest[] = [
  ['no body', { path: goodCall.path }, 400, 'BAD_JSON', /body: expected JSON/],
  ['half a body', inferText('{"inputs":'), 400, 'BAD_JSON', /body: expected JSON/],
  ['two bodies', inferText('{}{}'), 400, 'BAD_JSON', /body: expected JSON/],
  ['NaN', inferText('{"inputs":[NaN]}'), 400, 'BAD_JSON', /body: expected JSON/],
  ['bytes that are no UTF-8', inferText(Uint8Array.of(0x7b, 0xff)), 400, 'BAD_JSON', /expected UTF-8/],
  ['a list', inferText('[]'), 400, 'BAD_REQUEST', /body: expected an object, got an array/],
  ['null', inferText('null'), 400, 'BAD_REQUEST', /body: expected an object, got null/],
  ['no inputs', infer({}), 400, 'BAD_REQUEST', /body\.inputs: expected an array, got none/],
  ['members by way of __proto__', inferText('{"__proto__":{"inputs":[]}}'), 400, 'BAD_REQUEST', /body\.inputs/],
  ['an input too few', infer({ inputs: [x, n] }), 400, 'MISSING_INPUT', /input t: expected BYTES/],
  ['an unknown input', withX({ name: 'z' }), 400, 'UNKNOWN_INPUT', /expected one of \[x,n,t\], got z/],
  ['an input twice', infer({ inputs: [x, x, n, t] }), 400, 'BAD_REQUEST', /each name once, got \[x,x,n,t\]/],
  ['a name of 3 MB', withX({ name: 'a'.repeat(3e6) }), 400, 'UNKNOWN_INPUT', /^input a{900,1000}\.\.\.$/],
  ['another datatype', withX({ datatype: 'FP64' }), 400, 'BAD_DATATYPE', /input x: expected FP32, got FP64/],
  ['a datatype there is not', withX({ datatype: 'FP99' }), 400, 'BAD_DATATYPE', /expected FP32, got FP99/],
  ['another rank', withX({ shape: [2] }), 400, 'SHAPE_MISMATCH', /input x: expected \[-1,2\], got \[2\]/],
  ['another width', withX({ shape: [1, 3] }), 400, 'SHAPE_MISMATCH', /input x: expected \[-1,2\], got \[1,3\]/],
  [
    'a negative size',
    withX({ shape: [-1, 2] }),
    400,
    'BAD_REQUEST',
    /body\.inputs\.0\.shape\.0: expected at least 0, got -1/,
  ],
  [
    'a broken size',
    withX({ shape: [1.5, 2] }),
    400,
    'BAD_REQUEST',
    /body\.inputs\.0\.shape\.0: expected a whole number, got 1\.5/,
  ],
  [
    'sizes that multiply to 2^65',
    withX({ shape: [2 ** 52, 2] }),
    400,
    'SHAPE_MISMATCH',
    /expected 9007199254740992 el/,
  ],
  [
    '65 dimensions',
    withX({ shape: Array(65).fill(1) }),
    400,
    'BAD_REQUEST',
    /body\.inputs\.0\.shape: expected at most 64 items, got an array of 65/,
  ],
  ['too few values', withX({ data: [1] }), 400, 'SHAPE_MISMATCH', /\[1,2\]: expected 2 elements, got 1/],
  ['ragged rows', withX({ shape: [2, 2], data: [[1, 2], [3]] }), 400, 'SHAPE_MISMATCH', /expected 2 .*got 1 elements/],
  ['text for a number', withX({ data: ['1', 2] }), 400, 'BAD_VALUE', /element 0: expected FP32, got "1"/],
  ['true for a number', withX({ data: [1, true] }), 400, 'BAD_VALUE', /element 1: expected FP32, got true/],
  ['null for a number', withX({ data: [1, null] }), 400, 'BAD_VALUE', /element 1: expected FP32, got null/],
  ['1e400', inferText(goodCall.body.replace('[1,2]}', '[1e400,2]}')), 400, 'BAD_VALUE', /a finite FP32, got Infinity/],
  ['1e39 in float32', withX({ data: [1e39, 2] }), 400, 'BAD_VALUE', /element 0: expected a finite FP32, got 1e\+39/],
  ['2^63 in INT64', withN('9223372036854775808'), 400, 'BAD_VALUE', /expected INT64 .*got 9223372036854775808/],
  ['1e30 in INT64', withN('1e30'), 400, 'BAD_VALUE', /element 0: expected INT64/],
  ['half in INT64', withN('0.5'), 400, 'BAD_VALUE', /element 0: expected INT64 .*, got 0.5/],
  ['5000 digits', withN('9'.repeat(5000)), 400, 'BAD_VALUE', /element 0: expected INT64/],
  ['NUL in a text', withT(['a\0b']), 400, 'BAD_VALUE', /input t: element 0: expected a string without NUL/],
  ['half a surrogate', withT(['\ud800']), 400, 'BAD_VALUE', /element 0: expected a UTF-8 string/],
  ['a number for a text', withT([5]), 400, 'BAD_VALUE', /input t: element 0: expected a UTF-8 string, got 5/],
  [
    'data a million deep',
    inferText(goodCall.body.replace('[1,2]}', `${nested(1e6)}}`)),
    400,
    'SHAPE_MISMATCH',
    /depth/,
  ],
  ['a body a million deep', inferText(nested(1e6)), 400, 'BAD_REQUEST', /body: expected an object, got an array/],
  ['an unknown output', infer({ inputs: [x, n, t], outputs: [{ name: 'q' }] }), 400, 'UNKNOWN_OUTPUT', /got q/],
  [
    'an output twice',
    infer({ inputs: [x, n, t], outputs: [{ name: 'n_out' }, { name: 'n_out' }] }),
    400,
    'BAD_REQUEST',
    /outputs: expected each name once/,
  ],
  [
    'no classes',
    infer({ inputs: [x, n, t], outputs: [{ name: 'x_out', parameters: { classification: 0 } }] }),
    400,
    'BAD_REQUEST',
    /outputs\.0\.parameters\.classification: expected at least 1, got 0/,
  ],
  [
    'classes of texts',
    infer({ inputs: [x, n, t], outputs: [{ name: 't_out', parameters: { classification: 2 } }] }),
    400,
    'BAD_REQUEST',
    /output t_out: expected a number for classification/,
  ],
  [
    'binary outputs by a word',
    infer({ inputs: [x, n, t], parameters: { binary_data_output: 'yes' } }),
    400,
    'BAD_REQUEST',
    /body\.parameters\.binary_data_output: expected true or false, got "yes"/,
  ],
  [
    'an output in shared memory',
    infer({ inputs: [x, n, t], outputs: [{ name: 'x_out', parameters: { shared_memory_region: 'r' } }] }),
    400,
    'BAD_REQUEST',
    /shared_memory_region: expected none/,
  ],
  [
    'binary data that is not there',
    withX({ data: undefined, parameters: { binary_data_size: 8 } }),
    400,
    'SHAPE_MISMATCH',
    /input x: expected 8 bytes of binary data behind the JSON, got 0/,
  ],
  [
    'another media type',
    inferText(goodCall.body, { 'content-type': 'text/csv' }),
    415,
    'WRONG_MEDIA_TYPE',
    /expected application\/json, got text\/csv/,
  ],
  [
    'a form',
    inferText('a=1', { 'content-type': 'application/x-www-form-urlencoded' }),
    415,
    'WRONG_MEDIA_TYPE',
    /got application\/x-www/,
  ],
  [
    'a body that is not compressed',
    inferText(goodCall.body, { 'content-encoding': 'gzip' }),
    400,
    'BAD_REQUEST',
    /expected gzip, got a broken stream/,
  ],
  [
    'a coding that is not read',
    inferText(goodCall.body, { 'content-encoding': 'br' }),
    415,
    'WRONG_MEDIA_TYPE',
    /expected gzip, deflate or none, got br/,
  ],
  [
    'JSON cut short by its header',
    inferText(goodCall.body, { 'inference-header-content-length': '5' }),
    400,
    'BAD_JSON',
    /expected JSON/,
  ],
  ['7 MB', inferText(JSON.stringify({ id: 'a'.repeat(7e6) })), 413, null, /Too Large/],
  ['11 MB', inferText('a'.repeat(11 * 1024 * 1024)), 413, null, /Too Large/],
  [
    'an answer of more than 6 MB',
    infer(columnBody(Array<number>(640_000).fill(0)), '/v2/models/adder/infer'),
    413,
    'TOO_LARGE',
    /answer: expected at most/,
  ],
]

const good = goodCall.body
export const badHeaders: readonly BadRequest[] = [
  [
    'two media types',
    inferText(good, { 'content-type': ['application/json', 'text/csv'] }),
    415,
    'WRONG_MEDIA_TYPE',
    /got/,
  ],
  ['a media type of 5 KB', inferText(good, { 'content-type': 'x'.repeat(5000) }), 415, 'WRONG_MEDIA_TYPE', /got xxx/],
  [
    'two encodings',
    inferText(good, { 'content-encoding': 'identity, gzip' }),
    415,
    'WRONG_MEDIA_TYPE',
    /got identity, gzip/,
  ],
  [
    'an empty header length',
    inferText(good, { 'inference-header-content-length': '' }),
    400,
    'BAD_REQUEST',
    /expected 0 to the body's \d+ bytes, got ""/,
  ],
  [
    'two header lengths',
    inferText(good, { 'inference-header-content-length': ['5', '5'] }),
    400,
    'BAD_REQUEST',
    /got "5,\s?5"/,
  ],
  ['a request id of the caller', inferText('{', { 'percall-request-id': 'mine' }), 400, 'BAD_JSON', /expected JSON/],
  [
    'another verb by header',
    { ...to('/v2/models/echo'), headers: { 'x-http-method-override': 'GET' } },
    405,
    'WRONG_VERB',
    /POST/,
  ],
]

/** Odd, and allowed. */
export const oddCalls: readonly (readonly [title: string, request: RawRequest])[] = [
  ['capitals and a charset', inferText(good, { 'content-type': 'Application/JSON; charset=UTF-8' })],
  ['no media type', to(goodCall.path)],
  ['a header __proto__', inferText(good, { ['__proto__']: 'x' })],
  ['a byte order mark', inferText(`\ufeff${good}`)],
  ['a member twice, the last of which counts (RFC 8259 leaves it open)', inferText(good.replace('{', '{"inputs":[],'))],
  ['members nobody asked for', inferText(good.replace('{', '{"__proto__":{"inputs":1},"constructor":1,'))],
  [
    'what Open Inference clients send',
    infer({
      inputs: [x, n, t],
      parameters: { binary_data_output: false },
      outputs: ['x_out', 'n_out', 't_out'].map((name) => ({ name, parameters: { binary_data: false } })),
    }),
  ],
]
