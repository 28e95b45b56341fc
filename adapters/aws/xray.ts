import type { Socket } from 'node:dgram'

// https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html
const daemonHeader = '{"format": "json", "version": 1}\n'

let connection: { readonly address: string; readonly socket: Promise<Socket> } | undefined

/** `169.254.100.1:2000`, as Lambda gives it; the daemon's longer form names TCP and UDP apart. */
const udpOf = (address: string): { readonly host: string; readonly port: number } => {
  const plain = /(?:^|\s)udp:(\S+)/.exec(address)?.[1] ?? address
  const colon = plain.lastIndexOf(':')
  return { host: plain.slice(0, colon), port: Number(plain.slice(colon + 1)) }
}

const connected = async (address: string): Promise<Socket> => {
  // Loaded when the first traced invocation ends, not at each start.
  const { createSocket } = await import('node:dgram')
  const { host, port } = udpOf(address)
  const socket = createSocket('udp4').unref()
  // Nobody listens: what the network answers to a datagram is no event of ours.
  socket.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.connect(port, host, resolve)
  })
  return socket
}

/** Where X-Ray's daemon listens, as Lambda says. */
export const xrayDaemon = (): string | undefined => process.env.AWS_XRAY_DAEMON_ADDRESS

/** The trace of this invocation; Lambda sets it anew for each. */
export const xrayHeader = (): string => process.env._X_AMZN_TRACE_ID ?? ''

/** Hands one document to X-Ray's daemon by one datagram. Never throws, and waits for no answer: there is none. */
export const sendSegment = async (address: string, document: string): Promise<void> => {
  try {
    if (connection?.address !== address) connection = { address, socket: connected(address) }
    const socket = await connection.socket
    await new Promise<void>((resolve) => socket.send(daemonHeader + document, () => resolve()))
  } catch {
    connection = undefined
  }
}
