import path from 'node:path';
import ts from 'typescript';
import { ROOT } from './buildExtension';

/** What stands for a part of a text that is known only when the code runs. */
export const UNKNOWN = '*';

/** A call of a method, such as `vscode.commands.registerCommand(…)`. */
export interface MethodCall {
  /** Name of the type that has the method, such as `SecretStorage`; of a module's function, `commands`. */
  readonly receiver: string;
  readonly call: ts.CallExpression;
}

export interface StorageKey {
  /** With {@link UNKNOWN} for what differs. */
  readonly key: string;
  readonly isSecret: boolean;
}

/** The product as the compiler of TypeScript reads it, and what texts come to in it. */
export class Source {
  private static read: Source | undefined;

  /** All of `src`. The first time it takes seconds. */
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

  /** Calls of methods of these names, whatever has them. */
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

  /** Calls that open connections by these modules of Node's, by whatever name the file knows them. */
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

  /** Files, by their paths in the repository, that call a function or a method of this name. */
  filesCalling(name: string): readonly string[] {
    const callers = this.calls.filter(({ expression }) => {
      const callee = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
      return ts.isIdentifier(callee) && callee.text === name;
    });
    const files = callers.map((call) => path.relative(ROOT, call.getSourceFile().fileName));
    return [...new Set(files.map((file) => file.replaceAll(path.sep, '/')))].sort();
  }

  /** The keys that something is stored under, in VS Code's secret storage or in a state of it. */
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

  /** The call whose result a method is called on, as the first one in `first().second()`, or of a variable. */
  originOf({ expression }: ts.CallExpression): ts.CallExpression | undefined {
    if (!ts.isPropertyAccessExpression(expression)) return undefined;
    const { expression: on } = expression;
    if (ts.isCallExpression(on)) return on;
    const declaration = this.checker.getSymbolAtLocation(on)?.valueDeclaration;
    const value = declaration && ts.isVariableDeclaration(declaration) && declaration.initializer;
    return value && ts.isCallExpression(value) ? value : undefined;
  }

  /** What an expression may come to, with {@link UNKNOWN} for what only the running code knows. */
  textsOf(node: ts.Node | undefined): readonly string[] {
    return [...new Set(node ? this.texts(node) : [UNKNOWN])];
  }

  /** The texts that a type allows, where it allows no others. */
  literalsOf(type: ts.Type): readonly string[] | undefined {
    const types = type.isUnion() ? type.types : [type];
    return types.every((one): one is ts.StringLiteralType => one.isStringLiteral())
      ? types.map(({ value }) => value)
      : undefined;
  }

  /** The texts that a type of this name allows. */
  literalsOfType(name: string): readonly string[] {
    const alias = this.all(ts.isTypeAliasDeclaration).find((one) => one.name.text === name);
    return (alias && this.literalsOf(this.checker.getTypeAtLocation(alias))) ?? [];
  }

  /** @param under what is being looked at already */
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

  /** What a function of ours gives, where it does nothing else. */
  private returned({ expression }: ts.CallExpression): readonly ts.Node[] {
    const declaration = this.checker.getSymbolAtLocation(expression)?.valueDeclaration;
    if (!declaration || !ts.isFunctionDeclaration(declaration)) return [expression];
    const [only] = declaration.body?.statements ?? [];
    return only && ts.isReturnStatement(only) && only.expression ? [only.expression] : [expression];
  }

  /** What callers pass for a parameter. */
  private passed(parameter: ts.ParameterDeclaration): readonly ts.Node[] {
    const { parent } = parameter;
    const index = parent.parameters.indexOf(parameter);
    const named = ts.isVariableDeclaration(parent.parent) ? parent.parent : parent;
    const name = ts.getNameOfDeclaration(named);
    const symbol = name && this.checker.getSymbolAtLocation(name);
    const callers = this.calls.filter(({ expression }) => {
      const callee = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
      return symbol !== undefined && this.checker.getSymbolAtLocation(callee) === symbol;
    });
    const passed = callers.flatMap(({ arguments: given }) => given[index] ?? []);
    return passed.length > 0 ? passed : [parameter];
  }
}

/** Each of the one followed by each of the other. */
function joined(starts: readonly string[], ends: readonly string[]): readonly string[] {
  return starts.flatMap((start) => ends.map((end) => start + end));
}
