import { freshDatabase } from './postgres.ts'

/** Each test file gets a PostgreSQL database of its own, as files run side by side. */
const server = process.env.LATCHKEY_TEST_POSTGRES
if (server) process.env.LATCHKEY_TEST_POSTGRES = await freshDatabase(server)
