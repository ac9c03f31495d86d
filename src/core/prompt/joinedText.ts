import type { Block, Program, Statement } from './tree.ts';

/**
 * The program with `nothing`, a text, at the beginning of everything that it prints. Handlebars joins the pieces with `+`,
 * so that two numbers beside each other would be added: `{{a}}{{b}}` of 1 and 2 would print 3.
 */
export function joinedAsText(program: Program, nothing: string): Program {
  const begin = {
    type: 'ContentStatement',
    value: nothing,
    original: nothing,
    loc: program.loc,
  } as unknown as hbs.AST.ContentStatement;
  const body = (program.body as Statement[]).map((statement) => inner(statement, nothing));
  return { ...program, body: [begin, ...body] };
}

/** A statement with the programs inside it joined as text too. */
function inner(statement: Statement, nothing: string): Statement {
  if (!('program' in statement)) return statement;
  const { program, inverse } = statement as Partial<Block>;
  return {
    ...statement,
    ...(program ? { program: joinedAsText(program as Program, nothing) } : {}),
    ...(inverse ? { inverse: joinedAsText(inverse as Program, nothing) } : {}),
  };
}
