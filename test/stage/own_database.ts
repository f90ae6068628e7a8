import { freshDatabase } from './postgres.ts'

/** Each test file uses a separate PostgreSQL database, because files run concurrently. */
const server = process.env.LATCHKEY_TEST_POSTGRES
if (server) process.env.LATCHKEY_TEST_POSTGRES = await freshDatabase(server)
