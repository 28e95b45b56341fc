import * as z from 'zod'
import { schemaNames } from '../../functions/openapi/schema-names.ts'

export type JsonSchema = Record<string, unknown>

/** Whose eyes a schema is seen with: a request before defaults and transforms, or an answer, which has no other members. */
type Side = 'input' | 'output'

/** A member that nobody may send: the schema names it only to say so. */
const isForbidden = (schema: unknown): boolean =>
  schema instanceof z.ZodOptional && schema.unwrap() instanceof z.ZodUndefined

type Override = Parameters<NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override']>>[0]

const tidy = ({ zodSchema, jsonSchema }: Override): void => {
  // Zod says it of every array that TypeScript may not change; of a caller's members it would be wrong.
  delete jsonSchema.readOnly
  delete jsonSchema.id
  // What any integer of JSON is.
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
  // The format says as much as its pattern of 300 characters.
  if (jsonSchema.format === 'date-time' || jsonSchema.format === 'date') delete jsonSchema.pattern
  if (!(zodSchema instanceof z.ZodObject)) return
  for (const [name, member] of Object.entries(zodSchema.shape))
    if (isForbidden(member)) delete jsonSchema.properties?.[name]
}

const inComponents = <Value>(value: Value): Value =>
  JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/'))

/** Schemas as JSON Schema 2020-12; those that have a name are kept as components. Has a life. */
export const createSchemas = () => {
  const components = new Map<string, JsonSchema>()

  const keep = (name: string, schema: JsonSchema): void => {
    const known = components.get(name)
    if (known && JSON.stringify(known) !== JSON.stringify(schema))
      throw new Error(`schema ${name}: expected one form, requests and answers see two`)
    components.set(name, schema)
  }

  const schemaOf = (schema: z.ZodType, side: Side): JsonSchema => {
    const {
      $schema: _,
      $defs = {},
      ...own
    } = inComponents(
      z.toJSONSchema(schema, { metadata: schemaNames, io: side, unrepresentable: 'any', override: tidy }),
    )
    for (const [name, definition] of Object.entries($defs)) keep(name, definition as JsonSchema)
    return own
  }

  return {
    schemaOf,
    components: (): Record<string, JsonSchema> =>
      Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

export type Schemas = ReturnType<typeof createSchemas>
