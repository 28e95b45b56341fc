import { expect, test } from 'vitest'
import { allDefinitions, definitionFaults } from '../../scripts/state-machine.ts'

const definitions = allDefinitions()
const definition = definitions.run

test.for(Object.entries(definitions))('the state machine of a %s -> valid', ([, valid]) => {
  expect(definitionFaults(valid)).toEqual([])
})

test('a Map whose iterations start nowhere -> refused', () => {
  // biome-ignore lint/suspicious/noExplicitAny: its inside is broken on purpose
  const broken = structuredClone(definitions.batch) as Record<string, any>
  broken.States.Shards.ItemProcessor.StartAt = 'Nowhere'
  expect(definitionFaults(broken)).toHaveLength(1)
})

test.for([
  ['a start that is no state', { ...definition, StartAt: 'Nowhere' }],
  ['a state of no known type', { ...definition, StartAt: 'A', States: { A: { Type: 'Loop', End: true } } }],
  ['a state that nothing reaches', { StartAt: 'A', States: { A: { Type: 'Succeed' }, B: { Type: 'Succeed' } } }],
] as const)('a state machine with %s -> refused', ([, broken]) => {
  expect(definitionFaults(broken)).toHaveLength(1)
})
