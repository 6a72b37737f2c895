/* global exports, fetch */
const vscode = require('vscode');

/** Where the test waits. See `../neighbor.ts`. */
const TEST = process.env.LOOKER_TEST_NEIGHBOR;

exports.activate = () => {
  void obey();
};

/** Takes one piece of code after the other, and waits for none of them. */
async function obey() {
  for (;;) {
    const { id, attack, values } = await (await fetch(`${TEST}/attack`)).json();
    void carryOut(attack, values).then((outcome) =>
      fetch(`${TEST}/outcome/${id}`, { method: 'POST', body: JSON.stringify(outcome) }),
    );
  }
}

async function carryOut(attack, values) {
  try {
    // What the compiler of the tests puts around named functions.
    const run = new Function('__name', `return ${attack}`)((named) => named);
    return { value: await run({ vscode, process, require }, ...values) };
  } catch (error) {
    return { error: String(error?.stack ?? error) };
  }
}
