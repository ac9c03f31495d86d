/**
 * Who may import whom. `docs/architecture.md` draws the same rule; this file is what holds it.
 *
 *   webview -> protocol -> core        host, cli -> node -> core <- providers
 *   runtime/main -> core               node -types-> runtime/protocol
 */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(src|webview)/', pathNot: allowed },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^vscode$' } },
    only('core-imports-core', '^src/core/', '^src/core/', 'core knows every rule and no adapter'),
    {
      name: 'chat-imports-nothing',
      severity: 'error',
      from: { path: '^src/core/chat\\.ts$' },
      to: {},
    },
    {
      name: 'core-has-no-io',
      comment: 'no vscode, no node:*, no SDK',
      severity: 'error',
      from: { path: '^src/(core/|(inspectorP|usageP|p)rotocol\\.ts$)' },
      to: { path: '^(vscode$|node:)|node_modules/(openai|@anthropic-ai|ollama|node-llama-cpp)/' },
    },
    {
      name: 'core-imports-no-node-builtin',
      severity: 'error',
      from: { path: '^src/(core/|(inspectorP|usageP|p)rotocol\\.ts$)' },
      to: { dependencyTypes: ['core'] },
    },
    only('protocol-imports-core', '^src/(inspectorP|usageP|p)rotocol\\.ts$', '^src/core/'),
    only('webview-imports-protocol', '^webview/', '^(webview/|src/(inspectorP|usageP|p)rotocol\\.ts$)'),
    only('providers-import-core', '^src/providers/', '^src/(core|providers)/'),
    only('runtime-imports-core', '^src/runtime/', '^src/(core|runtime)/'),
    only('node-imports-core', '^src/node/', '^src/(core/|node/|runtime/(downloadP|p)rotocol\\.ts$)'),
    {
      name: 'node-takes-only-types-of-the-runtime',
      severity: 'error',
      from: { path: '^src/node/' },
      to: { path: '^src/runtime/', dependencyTypesNot: ['type-only'] },
    },
    only('cli-imports-node', '^src/cli(/|\\.ts$)', '^src/(cli|core|node|providers)/'),
    only(
      'host-wires',
      '^src/host/',
      '^src/(core/|node/|providers/|host/|(inspectorP|usageP|p)rotocol\\.ts$)',
    ),
    only('extension-imports-host', '^src/extension\\.ts$', '^src/host/'),
    {
      name: 'vscode-in-host-only',
      severity: 'error',
      from: { pathNot: '^(src/host/|src/extension\\.ts$|test/vscode/)' },
      to: { path: '^vscode$' },
    },
    {
      name: 'reference-tokenizers-in-tests-only',
      comment: 'js-tiktoken is the source of the ranks; what counts is ours',
      severity: 'error',
      from: { path: '^(src|webview)/' },
      to: { path: 'node_modules/(tiktoken|gpt-tokenizer)/' },
    },
    {
      name: 'engine-in-runtime-only',
      severity: 'error',
      from: { path: '^(src|webview)/', pathNot: '^src/runtime/' },
      to: { path: 'node_modules/node-llama-cpp/' },
    },
    {
      name: 'sdks-in-providers-only',
      severity: 'error',
      from: { path: '^(src|webview)/', pathNot: '^src/providers/' },
      to: { path: 'node_modules/(openai|@anthropic-ai|ollama|@google)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
