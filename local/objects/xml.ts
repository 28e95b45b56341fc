/**
 * The XML of S3's requests and answers.
 * Does: elements, text, entities, comments and the declaration. Does not: attributes' values, DTDs, CDATA.
 */
import { AwsError } from '../service.ts'

/** What an element holds; undefined is left out, an array is the element repeated. */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue }

export type XmlElement = { readonly name: string; readonly text: string; readonly children: readonly XmlElement[] }

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/'
const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** A document in S3's namespace. */
export const document = (root: string, value: { readonly [name: string]: XmlValue } | string): string =>
  `${declaration}<${root} xmlns="${namespace}">${typeof value === 'string' ? escapeXml(value) : elements(value)}</${root}>`

/** An error document; it has no namespace. */
export const errorDocument = (value: { readonly [name: string]: XmlValue }): string =>
  `${declaration}<Error>${elements(value)}</Error>`

/** The root element of a document. Throws MalformedXML. */
export function parseXml(text: string): XmlElement {
  type Open = { name: string; text: string; children: XmlElement[] }
  const top: Open = { name: '', text: '', children: [] }
  const open: Open[] = [top]
  const pattern =
    /<\?[^>]*\?>|<!--[\s\S]*?-->|<\/([^\s>]+)\s*>|<([A-Za-z_][\w.:-]*)((?:\s+[^\s=>]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy
  let end = 0
  for (const [whole, closing, opening, , selfClosed, content] of text.matchAll(pattern)) {
    end += whole.length
    const current = open.at(-1)!
    if (content !== undefined) current.text += unescapeXml(content)
    if (opening !== undefined) {
      const element: Open = { name: opening, text: '', children: [] }
      current.children.push(element)
      if (selfClosed !== '/') open.push(element)
    }
    if (closing !== undefined && open.pop()!.name !== closing) throw malformed()
  }
  if (end !== text.length || open.length !== 1 || top.children.length !== 1) throw malformed()
  return top.children[0]!
}

/** Text of the first child with the name. */
export const childText = (element: XmlElement, name: string): string | undefined =>
  element.children.find((child) => child.name === name)?.text

const elements = (value: { readonly [name: string]: XmlValue }): string =>
  Object.entries(value)
    .map(([name, content]) => element(name, content))
    .join('')

function element(name: string, content: XmlValue): string {
  if (content === undefined) return ''
  if (Array.isArray(content)) return content.map((item) => element(name, item)).join('')
  return `<${name}>${typeof content === 'object' ? elements(content as { [name: string]: XmlValue }) : escapeXml(String(content))}</${name}>`
}

const named: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' }

const escapeXml = (text: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be escaped
  text.replace(/[<>&"\u0000-\u001f]/g, (char) => named[char] ?? `&#x${char.charCodeAt(0).toString(16)};`)

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

const unescapeXml = (text: string) =>
  text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w+));/g, (_, hex, decimal, name) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    const char = name === undefined ? (code <= 0x10ffff ? String.fromCodePoint(code) : undefined) : entities[name]
    if (char === undefined) throw malformed()
    return char
  })

const malformed = () =>
  new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  )
