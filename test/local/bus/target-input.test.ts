import { expect, test } from 'vitest'
import { compileInput } from '../../../local/bus/target-input.ts'

const event = { source: 'shop', 'detail-type': 'Order', detail: { id: 'o"1', n: 2, lines: [{ sku: 'a' }], on: true } }
const rule = { arn: 'arn:rule', name: 'orders', ingestionTime: '2026-01-01T00:00:00.000Z' }
const transformer = (InputTemplate: string, InputPathsMap: Record<string, string> = {}) => ({
  InputTransformer: { InputTemplate, InputPathsMap },
})

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
test.for([
  ['nothing -> the event', {}, event],
  ['Input -> its constant', { Input: '{"a":1}' }, { a: 1 }],
  ['InputPath -> that part', { InputPath: '$.detail.lines[0]' }, { sku: 'a' }],
  ['InputPath in brackets -> that part', { InputPath: "$['detail-type']" }, 'Order'],
  [
    'a variable without quotes -> its JSON',
    transformer('{"d":<d>,"n":<n>}', { d: '$.detail', n: '$.detail.n' }),
    { d: event.detail, n: 2 },
  ],
  ['text without quotes -> a JSON string', transformer('{"id":<id>}', { id: '$.detail.id' }), { id: 'o"1' }],
  [
    'a variable in a string -> its text, escaped',
    transformer('{"m":"order <id> of <n>"}', { id: '$.detail.id', n: '$.detail.n' }),
    { m: 'order o"1 of 2' },
  ],
  ['a template that is a string -> a string', transformer('"id <n>"', { n: '$.detail.n' }), 'id 2'],
  ['a path that finds nothing, in a string -> empty', transformer('"[<x>]"', { x: '$.detail.none' }), '[]'],
  [
    'reserved variables -> rule and event',
    transformer('{"r":<aws.events.rule-name>,"a":<aws.events.rule-arn>,"e":<aws.events.event.json>}'),
    { r: 'orders', a: 'arn:rule', e: event },
  ],
  [
    'aws.events.event -> the event without detail',
    transformer('<aws.events.event>'),
    { source: 'shop', 'detail-type': 'Order' },
  ],
] as const)('%s', ([, wanted, expected]) => {
  expect(JSON.parse(compileInput(wanted)(event, rule))).toEqual(expected)
})

test.for([
  ['two ways at once', { Input: '{}', InputPath: '$' }, 'expected one of Input'],
  ['a wildcard in a path', { InputPath: '$.detail[*]' }, 'path $.detail[*]'],
  ['an undefined variable', transformer('<x>'), 'variable x is not defined'],
] as const)('%s -> refused', ([, wanted, message]) => {
  expect(() => compileInput(wanted)).toThrow(message)
})
