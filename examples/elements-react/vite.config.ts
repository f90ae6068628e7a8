import { defineConfig } from 'vite'

/** Where Latchkey listens. Requests to its public API go through this origin, so that its cookies belong to the app. */
const latchkey = process.env.LATCHKEY_URL ?? 'http://127.0.0.1:4433'
const paths = ['/self-service', '/sessions', '/schemas', '/.well-known', '/elements', '/dev', '/ui/assets']

export default defineConfig({
  server: {
    host: 'localhost',
    port: 5173,
    strictPort: true,
    proxy: Object.fromEntries(paths.map((path) => [path, { target: latchkey, changeOrigin: true }])),
  },
})
