/** The version of Percall that writes into manifests and specs; a test keeps it the same as package.json. */
export const release = '0.1.0'
