import { serveFixtures } from './serve.ts'

const { origin } = await serveFixtures(Number(process.env.PORT ?? 4010))
console.log(`The pages are at ${origin}/`)
