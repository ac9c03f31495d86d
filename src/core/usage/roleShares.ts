import type { PromptEstimate } from '../tokens/estimate.ts';

/** What the messages of one kind hold, in tokens, without what the model puts around them. */
export interface RoleShare {
  readonly role: PromptRole;
  readonly tokens: number;
  /** How many they are; at least one. */
  readonly messages: number;
}

/** What a message does in a prompt. */
export type PromptRole = (typeof promptRoles)[number];

/** In the order in which they are told. */
export const promptRoles = ['System', 'Examples', 'User', 'Begun answer'] as const;

/**
 * What each role takes of a prompt's messages. Examples are the answers that the prompt itself gives to the model, and what
 * they answer; an answer that nothing follows is the beginning of the model's own.
 */
export function roleShares(messages: PromptEstimate['messages']): readonly RoleShare[] {
  const lastAsked = messages.findLastIndex(({ role }) => role === 'user');
  const lastExample = messages.findLastIndex(({ role }, at) => isAnswer(role) && at < lastAsked);
  const roles = messages.map(({ role }, at): PromptRole => {
    if (role === 'system') return 'System';
    if (at <= lastExample) return 'Examples';
    return isAnswer(role) ? 'Begun answer' : 'User';
  });
  return promptRoles.flatMap((role) => {
    const own = messages.filter((_, at) => roles[at] === role);
    const tokens = own.reduce((sum, message) => sum + message.tokens, 0);
    return own.length === 0 ? [] : [{ role, tokens, messages: own.length }];
  });
}

function isAnswer(role: PromptEstimate['messages'][number]['role']): boolean {
  return role === 'assistant' || role === 'tool';
}
