// What could not be verified against AWS says so in its row: `unverified on AWS`.
import { expect, test } from 'vitest'
import { apiResources, serve } from './setup.ts'

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html, its own table first
const documented = ['GET /pets/dog/1', 'GET /pets/dog/{id}', 'GET /pets/{proxy+}', 'ANY /{proxy+}', '$default']
const product = [
  'GET /',
  'POST /v1/models/{target}',
  'ANY /v1/models/{target}',
  'GET /v2',
  'POST /a/{x}/c',
  'POST /a/b/{y}',
  '$default',
]
test.for([
  { keys: documented, method: 'GET', path: '/pets/dog/1', key: 'GET /pets/dog/1', parameters: undefined },
  { keys: documented, method: 'GET', path: '/pets/dog/2', key: 'GET /pets/dog/{id}', parameters: { id: '2' } },
  { keys: documented, method: 'GET', path: '/pets/cat/1', key: 'GET /pets/{proxy+}', parameters: { proxy: 'cat/1' } },
  { keys: documented, method: 'POST', path: '/test/5', key: 'ANY /{proxy+}', parameters: { proxy: 'test/5' } },
  { keys: documented, method: 'GET', path: '/', key: '$default', parameters: undefined },
  { keys: product, method: 'GET', path: '/', key: 'GET /', parameters: undefined },
  {
    keys: product,
    method: 'POST',
    path: '/v1/models/m:predict',
    key: 'POST /v1/models/{target}',
    parameters: { target: 'm:predict' },
  },
  { keys: product, method: 'PUT', path: '/v1/models/m', key: 'ANY /v1/models/{target}', parameters: { target: 'm' } },
  {
    keys: product,
    method: 'GET',
    path: '/v1/models/a%20b%C3%A9',
    key: 'ANY /v1/models/{target}',
    parameters: { target: 'a bé' },
  },
  { keys: product, method: 'POST', path: '/v2', key: '$default', parameters: undefined },
  { keys: product, method: 'GET', path: '/v1/models/a/b', key: '$default', parameters: undefined },
  { keys: product, method: 'GET', path: '/v1/models/', key: '$default', parameters: undefined }, // unverified on AWS
  { keys: product, method: 'GET', path: '/v2/', key: '$default', parameters: undefined }, // unverified on AWS
  { keys: product, method: 'POST', path: '/a/b/c', key: 'POST /a/b/{y}', parameters: { y: 'c' } }, // unverified on AWS
  { keys: ['GET /a/{rest+}', 'GET /{x}/b'], method: 'GET', path: '/a/b', key: 'GET /{x}/b', parameters: { x: 'a' } }, // unverified on AWS
])('$method $path -> $key', async ({ keys, method, path, key, parameters }) => {
  const { send } = await serve(apiResources(keys))
  const event = JSON.parse(String((await send(path, { method })).body))
  expect(event.routeKey).toBe(key)
  expect(event.requestContext.routeKey).toBe(key)
  expect(event.pathParameters).toEqual(parameters)
})

test('the order of routes in the template -> no difference', async () => {
  const { send } = await serve(apiResources([...documented].reverse()))
  expect(JSON.parse(String((await send('/pets/dog/1')).body)).routeKey).toBe('GET /pets/dog/1')
})

test('no route -> 404 {"message":"Not Found"}', async () => {
  const { send, events } = await serve(apiResources(['GET /a']))
  const answer = await send('/b')
  expect([answer.status, String(answer.body)]).toEqual([404, '{"message":"Not Found"}'])
  expect(events).toEqual([])
})
