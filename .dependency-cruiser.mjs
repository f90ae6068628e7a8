/**
 * Who may import whom, checked by `npm run lint:imports`. Biome's `noImportCycles` finds circles at run time.
 * A package or a room imports only those declared above it, so the lists are acyclic.
 */
const packages = {
  api: [],
  client: ['api'],
  pages: ['api'],
  server: ['api', 'pages'],
  cli: ['api', 'client', 'server'],
}

/** The rooms of the server whose `index.ts` each room may import, besides kernel and db. */
const rooms = {
  event: [],
  metadata: [],
  jobs: [],
  project: ['event'],
  apikey: ['event'],
  courier: ['event'],
  identity: ['event'],
  limit: ['identity'],
  permission: ['event', 'identity'],
  jwk: ['event'],
  oauth2: ['event', 'jwk'],
  session: ['event', 'identity'],
  session: ['event', 'identity', 'jwk'],
  selfservice: ['event', 'courier', 'identity', 'limit', 'session', 'oauth2'],
  kratos: ['courier', 'identity', 'session'],
  pages: ['courier', 'identity', 'limit', 'session', 'oauth2', 'selfservice'],
}

const server = '^packages/server/src'
const anyOf = (names) => `(${names.join('|')})`
const indexOf = (names) => (names.length > 0 ? [`${server}/${anyOf(names)}/index\\.ts$`] : [])
const production = (path, pathNot = []) => ({ path, pathNot: ['\\.test(-d)?\\.tsx?$', ...pathNot] })
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })
const list = (names) => names.join(', ') || 'none'

const packageRules = Object.entries(packages).map(([name, allowed]) =>
  rule(
    `package-${name}`,
    `packages/${name} may import these packages, by their names only: ${list(allowed)}`,
    production(`^packages/${name}/src/`),
    {
      path: '^packages/',
      pathNot: [`^packages/${name}/src/`, ...allowed.map((other) => `^packages/${other}/src/index\\.tsx?$`)],
    },
  ),
)

const roomRules = Object.entries(rooms).map(([name, allowed]) =>
  rule(
    `room-${name}`,
    `${name} may import kernel, db and the index.ts of these rooms: ${list(allowed)}`,
    production(`${server}/${name}/`),
    { path: `${server}/`, pathNot: [`${server}/(generated|kernel|${name})/`, ...indexOf(['db', ...allowed])] },
  ),
)

/** The floors above the rooms, each with the floors below it. */
const upper = {
  configuration: ['kernel', 'db'],
  listeners: ['kernel', 'db', 'configuration'],
  app: ['kernel', 'db', 'configuration', 'listeners'],
}

const upperRules = Object.entries(upper).map(([name, below]) => {
  const files = name === 'configuration' ? '(index|config)' : 'index'
  const folders = below.filter((floor) => floor === 'kernel')
  const faces = below.filter((floor) => floor !== 'kernel')
  return rule(
    name,
    `${name} may import ${list(below)}, and ${files}.ts of every room`,
    production(`${server}/${name}/`),
    {
      path: `${server}/`,
      pathNot: [
        `${server}/${anyOf([...folders, name])}/`,
        ...indexOf(faces),
        `${server}/${anyOf(Object.keys(rooms))}/${files}\\.ts$`,
      ],
    },
  )
})

const floors = ['generated', 'kernel', 'db', ...Object.keys(rooms), ...Object.keys(upper)]

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...packageRules,
    ...roomRules,
    rule(
      'kernel',
      'kernel may import nothing else of the server',
      production(`${server}/kernel/`),
      { path: `${server}/`, pathNot: `${server}/(generated|kernel)/` },
    ),
    rule('db', 'db may import kernel', production(`${server}/db/`), {
      path: `${server}/`,
      pathNot: `${server}/(kernel|db)/`,
    }),
    ...upperRules,
    rule(
      'undeclared-folder',
      'every folder of the server is in the lists of this file',
      production(`${server}/[^/]+/`, [`${server}/${anyOf(floors)}/`]),
      {},
    ),
    rule(
      'loose-file',
      'the only file outside a folder of the server is its public face',
      production(`${server}/[^/]+$`, [`${server}/index\\.ts$`]),
      {},
    ),
    {
      name: 'no-circle-of-types',
      comment: 'harmless at run time, but the files cannot be understood one without the other',
      severity: 'warn',
      from: production('^packages/'),
      to: { circular: true, via: { dependencyTypes: ['type-only'] } },
    },
  ],
  options: {
    includeOnly: '^packages/[^/]+/src/',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['development', 'import', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  },
}
