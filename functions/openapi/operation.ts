import type { z } from 'zod'
import type { ErrorCode } from '../../src/errors.ts'
import type { Verb } from '../route.ts'
import type { AnswerHeader, QueryName, RequestHeader } from './parameters.ts'

/** Bodies by media type: a schema for JSON, `bytes` or `text` for what has none. */
export type Content = Readonly<Record<string, z.ZodType | 'bytes' | 'text'>>

export type Answer = {
  /** What the status says here, where its name is not enough. */
  readonly description?: string
  readonly content?: Content
  /** Besides those of every answer. */
  readonly headers?: readonly AnswerHeader[]
}

/** What a caller may know of a route. What follows from its access, body and headers is added by scripts/openapi/. */
export type Operation = {
  /** One sentence. */
  readonly summary: string
  readonly request?: Content
  /** The body may be left out. */
  readonly bodyIsOptional?: true
  readonly query?: readonly QueryName[]
  readonly headers?: readonly RequestHeader[]
  readonly answers: Readonly<Record<number, Answer>>
  /** What it refuses with, besides what every route of its access and body does. */
  readonly errors?: readonly ErrorCode[]
}

type Line = { readonly method: Verb; readonly path: string }

/** Routes of several forms of a last segment are operations of their own. */
type ShownPath<Route extends Line> = Route extends {
  readonly path: `${infer Folder}/{target}`
  readonly form: { readonly shown: infer Shown extends string }
}
  ? `${Folder}/${Shown}`
  : Route['path']

/** One operation for each route of a table: a table with another line does not type-check without its operation. */
export type Operations<Routes extends readonly Line[]> = {
  readonly [Route in Routes[number] as `${Route['method']} ${ShownPath<Route>}`]: Operation
}

/** An answer, or a request, of JSON. */
export const json = (schema: z.ZodType): Content => ({ 'application/json': schema })
