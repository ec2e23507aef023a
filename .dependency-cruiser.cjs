/** The arrows of the house: which folder may import from which. See docs/architecture.md. */
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule('no-circles', 'Two files that need each other are one idea in two places.', {}, { circular: true }),
    rule(
      'domain-is-pure',
      'The domain takes data, dates and a seed, and returns data.',
      { path: '^src/domain/' },
      { path: '^(src|queues|workers|web)/', pathNot: '^src/domain/' },
    ),
    rule(
      'domain-knows-no-io',
      'No files, no sockets, no queue, no web framework below src/domain.',
      { path: '^src/domain/' },
      {
        path: '^(node:)?(fs|net|http|https|child_process|worker_threads|os|process|timers)(/|$)|node_modules/(bullmq|ioredis|express|piscina|pino|@duckdb|@bull-board)/',
      },
    ),
    rule(
      'contracts-only',
      'A job contract knows the words of the domain and nothing that runs.',
      { path: '^queues/' },
      { path: '^(src|workers)/', pathNot: '^src/domain/' },
    ),
    rule(
      'libraries-know-no-jobs',
      'What reads and writes files does not know that a queue exists.',
      { path: '^src/(alerts|orders|artefacts|registry|config|locks|redis|retention|sample|shop|tables)/' },
      { path: '^(queues|workers|src/api|src/cli)/' },
    ),
    rule(
      'config-is-below-the-registry',
      'The registry reads the config of its home; who writes either holds a lock that knows of neither.',
      { path: '^src/(config|locks)/' },
      { path: '^src/(registry|redis)/' },
    ),
    rule(
      'workers-have-no-face',
      'Processors are started by the command line; they never import it, nor the API.',
      { path: '^workers/' },
      { path: '^src/(api|cli)/' },
    ),
    rule(
      'api-asks-queues',
      'A route puts a job in a queue; it does not do the work.',
      { path: '^src/api/' },
      { path: '^(workers|src/cli)/' },
    ),
    rule(
      'pages-are-pure',
      'A page is made of facts that were gathered before: it knows the words of the domain and the parts of pages and charts.',
      { path: '^web/' },
      {
        path: '^(src|queues|workers)/|^(node:)?(fs|net|http|https|child_process|worker_threads|os|process|timers)(/|$)',
        pathNot: '^src/(domain|artefacts/pages)/',
      },
    ),
    rule(
      'pages-are-shown-by-the-api',
      'Nobody but the API shows pages of the dashboard.',
      { path: '^(src|queues|workers)/', pathNot: '^src/api/' },
      { path: '^web/' },
    ),
    rule(
      'cli-starts-the-host-only',
      'The command line may start workers, through the one file that starts them all.',
      { path: '^src/cli/' },
      { path: '^workers/', pathNot: '^workers/host\\.ts$' },
    ),
    rule(
      'no-tests-in-the-product',
      'Nothing that ships imports a test or a benchmark.',
      { path: '^(src|queues|workers|web)/' },
      { path: '^(tests|bench)/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};
