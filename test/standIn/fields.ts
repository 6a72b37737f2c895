interface Selection {
  readonly [field: string]: Selection;
}

/**
 * Selects the fields of a record, or of each record in a list, that the `fields` parameter names:
 * `id,credentials_api3(client_id)`. All fields if it names none; unknown fields are ignored.
 */
export function selectFields(value: unknown, fields = ''): unknown {
  return select(value, parseSelection(fields.match(/[^,()\s]+|[()]/g) ?? []));
}

function parseSelection(symbols: string[]): Selection {
  const selection: Record<string, Selection> = {};
  let field = '';
  for (let symbol = symbols.shift(); symbol && symbol !== ')'; symbol = symbols.shift()) {
    if (symbol !== '(') field = symbol;
    selection[field] = symbol === '(' ? parseSelection(symbols) : {};
  }
  return selection;
}

function select(value: unknown, selection: Selection): unknown {
  if (Array.isArray(value)) return value.map((item) => select(item, selection));
  if (typeof value !== 'object' || value === null || !Object.keys(selection).length) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, content]) => {
      const wanted = selection[field];
      return wanted ? [[field, select(content, wanted)]] : [];
    }),
  );
}
