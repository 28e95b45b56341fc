import { getMe } from '../client/billing.ts'
import { ApiError, type Client, connect } from '../client/client.ts'
import { callableModels } from '../client/models.ts'
import { predictRows } from '../client/rows.ts'
import {
  curlLine,
  type Field,
  fieldsOf,
  instanceOf,
  type ModelMetadata,
  placeholderOf,
  type Typed,
} from './instance.ts'

const storedKey = 'percall-key'

const element = <Kind extends HTMLElement>(id: string): Kind => {
  const found = document.getElementById(id)
  if (!found) throw new Error(`page: expected an element ${id}, got none`)
  // index.html has one element of the kind for each id that is asked for.
  return found as Kind
}

const show = (id: string, text: string): void => {
  element(id).textContent = text
}

const clientOf = (key: string): Client => connect({ url: location.origin, key })
let fields: readonly Field[] = []
let currency = ''

const messageOf = (error: unknown): string =>
  error instanceof ApiError ? `${error.message}\n${error.hint ?? ''}` : String(error)

/** Runs what a person asked for; an error ends in the alert, never in silence. */
const attempt = async (work: () => Promise<void>): Promise<void> => {
  show('message', '')
  try {
    await work()
  } catch (error) {
    show('message', messageOf(error))
  }
}

const currentClient = (): Client => clientOf(sessionStorage.getItem(storedKey) ?? '')
const currentModel = (): string => element<HTMLSelectElement>('model').value

const typed = (): Typed =>
  Object.fromEntries(fields.map(({ name }, k) => [name, element<HTMLInputElement>(`field-${k}`).value]))

const showCurl = (): void => show('curl', curlLine(location.origin, currentModel(), instanceOf(fields, typed())))

const showUsage = async (client: Client): Promise<void> => {
  const { usage } = await getMe(client)
  currency = usage.currency
  show('currency', `cost (${currency})`)
  const lines = [...usage.by, { ...usage.totals, model: 'total' }]
  const rows = lines.map((line) => {
    const row = document.createElement('tr')
    for (const value of [line.model, line.calls, line.units, line.cost]) row.insertCell().textContent = String(value)
    return row
  })
  element('usage').replaceChildren(...rows)
}

const fieldOf = (input: Field, k: number): readonly HTMLElement[] => {
  const label = document.createElement('label')
  label.htmlFor = `field-${k}`
  label.textContent = input.name
  const field = document.createElement('input')
  field.id = label.htmlFor
  field.autocomplete = 'off'
  field.placeholder = placeholderOf(input)
  field.addEventListener('input', showCurl)
  return [label, field]
}

/** An answer stands only beside the key and the model that gave it. */
const clearAnswer = (): void => {
  show('answer', 'No answer yet.')
  element('facts').replaceChildren()
}

const clearModel = (): void => {
  clearAnswer()
  fields = []
  element('fields').replaceChildren()
  show('curl', '')
}

const showModel = async (): Promise<void> => {
  clearModel()
  const model = currentModel()
  if (model === '') return
  const { body } = await currentClient().request<ModelMetadata>('GET', `/v2/models/${encodeURIComponent(model)}`)
  // Another model was chosen while this one's answer was under way.
  if (model !== currentModel()) return
  fields = fieldsOf(body)
  element('fields').replaceChildren(...fields.flatMap(fieldOf))
  showCurl()
}

const open = async (key: string): Promise<void> => {
  // The stored key outlives a failure of the network, but not a change to another key.
  if (sessionStorage.getItem(storedKey) !== key) sessionStorage.removeItem(storedKey)
  element('work').hidden = true
  clearModel()
  for (const id of ['model', 'usage']) element(id).replaceChildren()
  const client = clientOf(key)
  const models = await callableModels(client)
  sessionStorage.setItem(storedKey, key)
  element('model').replaceChildren(...models.map((name) => new Option(name)))
  element('work').hidden = false
  await showModel()
  await showUsage(client)
}

const showFacts = (facts: Readonly<Record<string, string | number>>): void => {
  const parts = Object.entries(facts).flatMap(([name, value]) => {
    const term = document.createElement('dt')
    const detail = document.createElement('dd')
    term.textContent = name
    detail.textContent = String(value)
    return [term, detail]
  })
  element('facts').replaceChildren(...parts)
}

const call = async (): Promise<void> => {
  clearAnswer()
  const client = currentClient()
  const { predictions, version, units, cost, cold, requestId } = await predictRows(client)(currentModel(), [
    instanceOf(fields, typed()),
  ])
  show('answer', JSON.stringify(predictions[0], null, 2))
  showFacts({
    cost: `${cost} ${currency}`,
    version,
    units,
    'cold start': cold ? 'yes' : 'no',
    'request id': requestId ?? '',
  })
  await showUsage(client)
}

const onSubmit = (id: string, work: () => Promise<void>): void =>
  element(id).addEventListener('submit', (event) => {
    event.preventDefault()
    void attempt(work)
  })

onSubmit('key-form', () => open(element<HTMLInputElement>('key').value.trim()))
onSubmit('row-form', call)
element('model').addEventListener('change', () => void attempt(showModel))
const known = sessionStorage.getItem(storedKey)
if (known !== null) void attempt(() => open(known))
