import { AwsError } from '../service.ts'
import { listOf, needed, oneOf, optional, type Shape, struct, text, textBetween } from './shape.ts'
import type { Index, KeyAttribute, KeySchema } from './table.ts'
import { invalidValue } from './validation-error.ts'

/** A part that is taken as it is: it changes nothing that this runtime does. */
export const accepted: Shape<unknown> = (input) => input

export const attributeDefinitions = listOf(
  struct({ AttributeName: needed(textBetween(1, 255)), AttributeType: needed(oneOf('S', 'N', 'B')) }),
  1,
)
export const keySchema = listOf(
  struct({ AttributeName: needed(textBetween(1, 255)), KeyType: needed(oneOf('HASH', 'RANGE')) }),
  1,
)
const projection = struct({
  ProjectionType: needed(oneOf('ALL', 'KEYS_ONLY', 'INCLUDE')),
  NonKeyAttributes: optional(listOf(text, 1)),
})
const indexFields = {
  IndexName: needed(textBetween(3, 255, /^[a-zA-Z0-9_.-]+$/)),
  KeySchema: needed(keySchema),
  Projection: needed(projection),
} as const
export const localIndexes = listOf(struct(indexFields))
export const globalIndexes = listOf(
  struct({
    ...indexFields,
    ContributorInsightsSpecification: optional(accepted),
    OnDemandThroughput: optional(accepted),
    ProvisionedThroughput: optional(accepted),
    ReadOnDemandThroughputSettings: optional(accepted),
    ReadProvisionedThroughputSettings: optional(accepted),
    WarmThroughput: optional(accepted),
    WriteOnDemandThroughputSettings: optional(accepted),
    WriteProvisionedThroughputSettings: optional(accepted),
  }),
)

type Definitions = ReturnType<typeof attributeDefinitions>
type IndexInput = ReturnType<typeof localIndexes>[number]

/** The key of a table or index. Throws ValidationException when an attribute is undefined or the form unknown. */
export const keySchemaOf = (schema: ReturnType<typeof keySchema>, definitions: Definitions): KeySchema => {
  const [first, second, ...more] = schema
  if (first?.KeyType !== 'HASH' || (second && second.KeyType !== 'RANGE') || more.length > 0) {
    throw invalidValue(
      `Invalid KeySchema: expected one HASH and at most one RANGE, got ${schema.map(({ KeyType }) => KeyType).join(', ')}`,
    )
  }
  const definitionOf = (name: string): KeyAttribute => {
    const definition = definitions.find(({ AttributeName }) => AttributeName === name)
    if (definition) return { name, type: definition.AttributeType }
    throw invalidValue(
      'Some index key attributes are not defined in AttributeDefinitions. ' +
        `Keys: [${name}], AttributeDefinitions: [${definitions.map(({ AttributeName }) => AttributeName).join(', ')}]`,
    )
  }
  return { partition: definitionOf(first.AttributeName), sort: second ? definitionOf(second.AttributeName) : null }
}

export const indexOf = (scope: Index['scope'], input: IndexInput, definitions: Definitions): Index => ({
  name: input.IndexName,
  scope,
  key: keySchemaOf(input.KeySchema, definitions),
  projection: input.Projection.ProjectionType,
  included: input.Projection.NonKeyAttributes ?? [],
})

/** Throws AwsError when the stored table has another key: it would have to be replaced. */
export const refuseOtherKey = (name: string, stored: KeySchema, wanted: KeySchema): void => {
  if (JSON.stringify(stored) === JSON.stringify(wanted)) return
  throw new AwsError(
    'ValidationException',
    `table ${name}: the key schema of a stored table cannot change: expected ${keyWords(stored)}, got ${keyWords(wanted)}`,
  )
}

const keyWords = ({ partition, sort }: KeySchema): string =>
  [partition, sort].map((each) => (each ? `${each.name} (${each.type})` : 'no sort key')).join(', ')
