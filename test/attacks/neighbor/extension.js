/* global exports, fetch */
const vscode = require('vscode');

/** The URL of the test. See `../neighbor.ts`. */
const TEST = process.env.LOOKER_TEST_NEIGHBOR;

exports.activate = () => {
  void obey();
};

/** Gets one attack after another, and doesn't wait for any to finish. */
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
    // The tests' compiler wraps named functions in `__name`.
    const run = new Function('__name', `return ${attack}`)((named) => named);
    return { value: await run({ vscode, process, require }, ...values) };
  } catch (error) {
    return { error: String(error?.stack ?? error) };
  }
}
