import type { VariableField, VariableShape } from './fields.ts';
import type { FileRange } from './problems.ts';
import type { Place } from './tree.ts';

/** How one name is used: what its value must be able to do. */
export class Use {
  /** Every path that names it, in the order of the walk; none for the values as a whole. */
  readonly places: Place[] = [];
  readonly fields = new Map<string, Use>();
  items: Use | undefined;
  tested = false;
  printed = false;
  /** Passed whole to a helper that takes anything. */
  whole = false;

  field(name: string, place: Place): Use {
    const use = this.fields.get(name) ?? new Use();
    this.fields.set(name, use);
    use.places.push(place);
    return use;
  }

  item(): Use {
    this.items ??= new Use();
    return this.items;
  }

  /** Whether the template copes with its absence; an object is as optional as all of its fields. */
  get optional(): boolean {
    const fields = [...this.fields.values()];
    return this.tested || (fields.length > 0 && fields.every((field) => field.optional));
  }

  fieldList(rangeOf: RangeOf): readonly VariableField[] {
    return [...this.fields].map(([name, use]) => ({
      name,
      ...use.shape(rangeOf),
      required: !use.optional,
      declared: false,
      range: rangeOf(use.places[0]),
    }));
  }

  shape(rangeOf: RangeOf): VariableShape {
    if (this.items) return { type: 'array', items: this.items.shape(rangeOf) };
    if (this.fields.size > 0) return { type: 'object', fields: this.fieldList(rangeOf) };
    if (this.whole) return { type: 'any' };
    return { type: this.tested && !this.printed ? 'boolean' : 'text' };
  }
}

type RangeOf = (place: Place | undefined) => FileRange;
