import type { AwsError } from '../service.ts'
import type { DocumentPath } from './document-path.ts'
import { type Token, tokens } from './lexer.ts'
import type { Placeholders } from './placeholders.ts'
import { isReserved } from './reserved-words.ts'
import { invalid } from './validation-error.ts'
import type { AttributeValue } from './value.ts'

/** A place in one expression of a request, from which the parsers take what they know. */
export type Cursor = {
  readonly peek: (ahead?: number) => Token
  readonly next: () => Token
  /** Takes the next token if it is this symbol, or this word in any case. */
  readonly take: (text: string) => boolean
  readonly expect: (text: string) => void
  readonly expectEnd: () => void
  readonly path: () => DocumentPath
  readonly value: () => AttributeValue
  /** The token after the bracket that closes the one at hand. */
  readonly afterClosing: (ahead?: number) => { readonly token: Token; readonly ahead: number }
  readonly fail: (message: string) => AwsError
  readonly syntaxError: () => AwsError
}

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters
const maxExpressionBytes = 4096

/** Throws ValidationException for an empty expression or one over 4 KB. `parameter` is named in every error. */
export const cursorOf = (parameter: string, text: string, placeholders: Placeholders): Cursor => {
  const list = tokens(text)
  let at = 0
  const fail = (message: string): AwsError => invalid(`Invalid ${parameter}: ${message}`)
  if (text === '') throw fail('The expression can not be empty;')
  const sizeBytes = Buffer.byteLength(text)
  if (sizeBytes > maxExpressionBytes) {
    throw fail(`Expression size has exceeded the maximum allowed size; expression size: ${sizeBytes}`)
  }
  const peek = (ahead = 0): Token => list[Math.min(at + ahead, list.length - 1)]!
  const next = (): Token => {
    const token = peek()
    at += 1
    return token
  }
  const syntaxError = (): AwsError => {
    const near = text.slice(list[Math.max(at - 1, 0)]!.start, peek(1).end).trim()
    return fail(`Syntax error; token: "${peek().text}", near: "${near}"`)
  }
  const take = (wanted: string): boolean => {
    const found = peek().kind === 'word' ? peek().text.toUpperCase() : peek().text
    if (found !== wanted) return false
    at += 1
    return true
  }
  const expect = (wanted: string): void => {
    if (!take(wanted)) throw syntaxError()
  }
  const step = (): string => {
    const token = peek()
    if (token.kind !== 'word' && token.kind !== 'name') throw syntaxError()
    at += 1
    if (token.kind === 'word') {
      if (!isReserved(token.text)) return token.text
      throw fail(`Attribute name is a reserved keyword; reserved keyword: ${token.text}`)
    }
    const name = placeholders.name(token.text)
    if (name !== undefined) return name
    throw fail(`An expression attribute name used in the document path is not defined; attribute name: ${token.text}`)
  }
  const path = (): DocumentPath => {
    const steps: [string, ...(string | number)[]] = [step()]
    for (;;) {
      if (take('.')) steps.push(step())
      else if (take('[')) {
        if (peek().kind !== 'number') throw syntaxError()
        steps.push(Number(next().text))
        expect(']')
      } else return steps
    }
  }
  const value = (): AttributeValue => {
    if (peek().kind !== 'value') throw syntaxError()
    const placeholder = next().text
    const found = placeholders.value(placeholder)
    if (found) return found
    throw fail(`An expression attribute value used in expression is not defined; attribute value: ${placeholder}`)
  }
  const afterClosing = (ahead = 0): { token: Token; ahead: number } => {
    let depth = 0
    for (let offset = ahead; peek(offset).kind !== 'end'; offset += 1) {
      if (peek(offset).text === '(') depth += 1
      if (peek(offset).text === ')') depth -= 1
      if (depth === 0) return { token: peek(offset + 1), ahead: offset + 1 }
    }
    throw syntaxError()
  }
  const expectEnd = (): void => {
    if (peek().kind !== 'end') throw syntaxError()
  }
  return { peek, next, take, expect, expectEnd, path, value, afterClosing, fail, syntaxError }
}
