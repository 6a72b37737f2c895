import path from 'node:path';
import ts from 'typescript';
import { ROOT } from './buildExtension';

/** Placeholder for a part of a text that is known only at runtime. */
export const UNKNOWN = '*';

/** A call of a method, such as `vscode.commands.registerCommand(…)`. */
export interface MethodCall {
  /**
   * Name of the type that has the method, such as `SecretStorage`; for a module's function, the module, such as
   * `commands`.
   */
  readonly receiver: string;
  readonly call: ts.CallExpression;
}

export interface StorageKey {
  /** With {@link UNKNOWN} for the variable parts. */
  readonly key: string;
  readonly isSecret: boolean;
}

/** The product's source as the TypeScript compiler reads it, with the possible values of its texts. */
export class Source {
  private static read: Source | undefined;

  /** All of `src`. Takes seconds the first time. */
  static get product(): Source {
    return (this.read ??= new Source('src'));
  }

  private readonly checker: ts.TypeChecker;
  private readonly files: readonly ts.SourceFile[];
  private readonly calls: readonly ts.CallExpression[];

  private constructor(folder: string) {
    const { config } = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), (file) =>
      ts.sys.readFile(file),
    ) as { config: object };
    const { options, fileNames } = ts.parseJsonConfigFileContent(
      { ...config, include: [folder] },
      ts.sys,
      ROOT,
    );
    const program = ts.createProgram(fileNames, options);
    this.checker = program.getTypeChecker();
    this.files = fileNames.flatMap((file) => program.getSourceFile(file) ?? []);
    this.calls = this.all(ts.isCallExpression);
  }

  /** All nodes of a kind. */
  all<T extends ts.Node>(isWanted: (node: ts.Node) => node is T): readonly T[] {
    const found: T[] = [];
    const look = (node: ts.Node) => {
      if (isWanted(node)) found.push(node);
      ts.forEachChild(node, look);
    };
    for (const file of this.files) look(file);
    return found;
  }

  /** Calls of methods with these names, on any type. */
  callsOf(...methods: readonly string[]): readonly MethodCall[] {
    return this.calls.flatMap((call) => {
      const { expression } = call;
      if (!ts.isPropertyAccessExpression(expression)) return [];
      if (!methods.includes(expression.name.text)) return [];
      const whole = this.checker.getTypeAtLocation(expression.expression);
      const type = (whole.isIntersection() ? whole.types[0] : undefined) ?? whole;
      const symbol = type.aliasSymbol ?? type.getNonNullableType().getSymbol();
      return { receiver: symbol?.name.replace(/^.*\//, '') ?? '', call };
    });
  }

  /** Calls that open connections with these Node modules, under any name in the file. */
  callsIntoNode(
    ...modules: readonly string[]
  ): readonly { name: string; call: ts.CallExpression | ts.NewExpression }[] {
    const opens = /^(request|get|connect|createConnection|createSocket|Agent|Socket|TLSSocket)$/;
    return [...this.calls, ...this.all(ts.isNewExpression)].flatMap((call) => {
      const symbol = this.checker.getSymbolAtLocation(call.expression);
      const isAlias = symbol && (symbol.flags & ts.SymbolFlags.Alias) !== 0;
      const called = isAlias ? this.checker.getAliasedSymbol(symbol) : symbol;
      const file = called?.declarations?.[0]?.getSourceFile().fileName ?? '';
      const [, module = ''] = /@types\/node\/(?:.*\/)?(\w+)\.d\.ts$/.exec(file) ?? [];
      return called && modules.includes(module) && opens.test(called.name)
        ? [{ name: `${module}.${called.name}`, call }]
        : [];
    });
  }

  /** Files that call a function or a method with this name, by their paths in the repository. */
  filesCalling(name: string): readonly string[] {
    const callers = this.calls.filter(({ expression }) => {
      const callee = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
      return ts.isIdentifier(callee) && callee.text === name;
    });
    const files = callers.map((call) => path.relative(ROOT, call.getSourceFile().fileName));
    return [...new Set(files.map((file) => file.replaceAll(path.sep, '/')))].sort();
  }

  /** The keys that values are stored under, in VS Code's secret storage or in a state. */
  storageKeys(): readonly StorageKey[] {
    const stored = this.callsOf('get', 'store', 'update', 'delete').flatMap(
      ({ receiver, call }): readonly StorageKey[] => {
        const isSecret = /^Secret(s|Storage)$/.test(receiver);
        if (!isSecret && receiver !== 'Memento') return [];
        const keys = this.textsOf(call.arguments[0]).filter((key) => key !== UNKNOWN);
        return keys.map((key) => ({ key, isSecret }));
      },
    );
    return [...new Map(stored.map((one) => [one.key, one])).values()];
  }

  /**
   * The call that creates the object of a method call, such as the first one in `first().second()`, also via a
   * variable.
   */
  originOf({ expression }: ts.CallExpression): ts.CallExpression | undefined {
    if (!ts.isPropertyAccessExpression(expression)) return undefined;
    const { expression: on } = expression;
    if (ts.isCallExpression(on)) return on;
    const declaration = this.checker.getSymbolAtLocation(on)?.valueDeclaration;
    const value = declaration && ts.isVariableDeclaration(declaration) && declaration.initializer;
    return value && ts.isCallExpression(value) ? value : undefined;
  }

  /** The possible values of an expression, with {@link UNKNOWN} for what is known only at runtime. */
  textsOf(node: ts.Node | undefined): readonly string[] {
    return [...new Set(node ? this.texts(node) : [UNKNOWN])];
  }

  /** The texts that a type allows; undefined if it allows others. */
  literalsOf(type: ts.Type): readonly string[] | undefined {
    const types = type.isUnion() ? type.types : [type];
    return types.every((one): one is ts.StringLiteralType => one.isStringLiteral())
      ? types.map(({ value }) => value)
      : undefined;
  }

  /** The texts that the type with this name allows. */
  literalsOfType(name: string): readonly string[] {
    const alias = this.all(ts.isTypeAliasDeclaration).find((one) => one.name.text === name);
    return (alias && this.literalsOf(this.checker.getTypeAtLocation(alias))) ?? [];
  }

  /** @param under the nodes being evaluated already */
  private texts(node: ts.Node, under: readonly ts.Node[] = []): readonly string[] {
    if (under.includes(node)) return [UNKNOWN];
    const inner = (of: ts.Node) => this.texts(of, [...under, node]);
    if (ts.isStringLiteralLike(node)) return [node.text];
    if (ts.isTemplateExpression(node)) {
      return node.templateSpans.reduce<readonly string[]>(
        (texts, { expression, literal }) =>
          joined(joined(texts, inner(expression)), [literal.text]),
        [node.head.text],
      );
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
      return joined(inner(node.left), inner(node.right));
    }
    const literals = this.literalsOf(this.checker.getTypeAtLocation(node));
    if (literals) return literals;
    if (ts.isCallExpression(node)) return this.returned(node).flatMap(inner);
    if (!ts.isIdentifier(node)) return [UNKNOWN];
    const declaration = this.checker.getSymbolAtLocation(node)?.valueDeclaration;
    if (declaration && ts.isParameter(declaration)) return this.passed(declaration).flatMap(inner);
    return [UNKNOWN];
  }

  /** The returned expressions of our own function, if it does nothing else. */
  private returned({ expression }: ts.CallExpression): readonly ts.Node[] {
    const declaration = this.checker.getSymbolAtLocation(expression)?.valueDeclaration;
    if (!declaration || !ts.isFunctionDeclaration(declaration)) return [expression];
    const [only] = declaration.body?.statements ?? [];
    return only && ts.isReturnStatement(only) && only.expression ? [only.expression] : [expression];
  }

  /** The arguments that callers pass for a parameter. */
  private passed(parameter: ts.ParameterDeclaration): readonly ts.Node[] {
    const { parent } = parameter;
    const index = parent.parameters.indexOf(parameter);
    const named = ts.isVariableDeclaration(parent.parent) ? parent.parent : parent;
    const name = ts.getNameOfDeclaration(named);
    const symbol = name && this.checker.getSymbolAtLocation(name);
    const callers = this.calls.filter(({ expression }) => {
      const callee = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
      // Names first, since the compiler takes long to find the symbols of all calls.
      const isNamesake = ts.isIdentifier(callee) && callee.text === symbol?.name;
      return isNamesake && this.checker.getSymbolAtLocation(callee) === symbol;
    });
    const passed = callers.flatMap(({ arguments: given }) => given[index] ?? []);
    return passed.length > 0 ? passed : [parameter];
  }
}

/** Every combination of a start and an end. */
function joined(starts: readonly string[], ends: readonly string[]): readonly string[] {
  return starts.flatMap((start) => ends.map((end) => start + end));
}
