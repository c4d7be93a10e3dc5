/**
 * Which room of `src` may import which, as design has it: base <- model, sql <- the rooms <- flows <- commands.
 * Everyone may use base. A room that is not listed here may import nothing.
 */
const rooms = {
  base: [],
  model: [],
  sql: ['model'],
  postgres: [],
  spec: ['model', 'sql'],
  catalog: ['model', 'sql', 'postgres'],
  remote: ['model', 'sql', 'postgres'],
  desired: ['model', 'sql', 'spec'],
  drift: ['model', 'sql', 'ddl', 'diff'],
  pull: ['model', 'sql', 'spec'],
  snapshot: ['model'],
  diff: ['model'],
  ddl: ['model', 'sql'],
  plan: ['model', 'sql', 'ddl', 'diff'],
  apply: ['model', 'sql', 'diff', 'plan', 'postgres'],
  pushdown: ['model', 'sql', 'spec', 'catalog', 'postgres'],
  health: ['model'],
  demo: ['model', 'sql', 'postgres'],
  flows: ['model', 'sql', 'spec', 'desired', 'drift', 'pull', 'snapshot', 'catalog', 'remote', 'diff', 'ddl', 'plan', 'apply', 'pushdown', 'health', 'postgres'],
  report: ['model', 'sql'],
  commands: ['model', 'sql', 'spec', 'plan', 'pushdown', 'flows', 'report', 'demo'],
};

const alternatives = (names) => names.join('|');

const betweenRooms = Object.entries(rooms).map(([room, others]) => ({
  name: `${room}-imports`,
  severity: 'error',
  comment: `src/${room} may import ${alternatives(['base', ...others])}.`,
  from: { path: `^src/${room}/` },
  to: {
    path: '^src/',
    pathNot: `^src/(${alternatives([room, 'base', ...others])})/`,
    // Reports render other rooms' results: they may know their shapes, not their code.
    ...(room === 'report' && { dependencyTypesNot: ['type-only'] }),
  },
}));

/** Libraries that one room alone knows, or two. */
const owners = { pg: 'postgres', 'pg-format': 'sql', yaml: '(spec|pull)', inquirer: 'commands', '@oclif/core': 'commands', chalk: 'report', 'libpg-query': 'pushdown' };

const libraries = Object.entries(owners).map(([library, room]) => ({
  name: `${library}-only-in-${room}`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${room}/` },
  to: { path: `node_modules/${library}/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...betweenRooms,
    ...libraries,
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'no-other-room', severity: 'error', from: { path: '^src/', pathNot: `^src/(${alternatives(Object.keys(rooms))})/` }, to: {} },
    { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
