/** The commands about prompts; those about models are in `modelCommands.ts`. A test holds both against `package.json`. */
export type CommandId =
  | 'llmPlayground.run'
  | 'llmPlayground.stop'
  | 'llmPlayground.showPanel'
  | 'llmPlayground.reopenPanel'
  | 'llmPlayground.compare'
  | 'llmPlayground.addLane'
  | 'llmPlayground.addSelectionToChat'
  | 'llmPlayground.newPrompt'
  | 'llmPlayground.openSample'
  | 'llmPlayground.inspectTokens'
  | 'llmPlayground.scoreText'
  | 'llmPlayground.tokenActions'
  | 'llmPlayground.countExactly'
  | 'llmPlayground.showLog';
