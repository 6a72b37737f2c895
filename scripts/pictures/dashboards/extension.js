/* global exports, Buffer */
// An extension as others write it, for the pictures: it lists the dashboards of the active account. Whose that is, it
// asks Looker; the names of the dashboards are made up.
const dns = require('node:dns');
const https = require('node:https');
const vscode = require('vscode');

// The proxy of the pictures has a company's name, and is on this machine.
const { lookup } = dns;
dns.lookup = (host, ...rest) => lookup(host === 'proxy.acme.com' ? '127.0.0.1' : host, ...rest);

const DASHBOARDS = {
  'Ada Lovelace': ['Board Report', 'Company Revenue', 'Customer Churn', 'Payroll', 'Web Traffic'],
  'Alan Turing': ['Customer Churn', 'Web Traffic'],
};

exports.activate = ({ subscriptions }) => {
  const changed = new vscode.EventEmitter();
  const treeDataProvider = {
    onDidChangeTreeData: changed.event,
    getTreeItem: (item) => item,
    getChildren: (parent) => (parent ? parent.dashboards : activeUser()),
  };
  subscriptions.push(
    changed,
    vscode.window.createTreeView('lookerDashboards.list', { treeDataProvider }),
    vscode.authentication.onDidChangeSessions(() => changed.fire()),
    vscode.commands.registerCommand('lookerDashboards.signIn', async () => {
      try {
        await vscode.authentication.getSession('looker', [], { createIfNone: true });
      } catch {
        // The user said no.
      }
      changed.fire();
    }),
  );
};

async function activeUser() {
  const session = await vscode.authentication.getSession('looker', [], { silent: true });
  if (!session) return [];
  const { display_name: name } = await get('/user', session);
  const user = item(name, 'account', vscode.TreeItemCollapsibleState.Expanded);
  user.dashboards = (DASHBOARDS[name] ?? []).map((title) => item(title, 'graph'));
  return [user];
}

/** Not with `fetch`, which does not know NODE_EXTRA_CA_CERTS behind a proxy. */
function get(path, { accessToken, looker }) {
  const headers = { Authorization: `token ${accessToken}` };
  return new Promise((resolve, reject) => {
    https
      .get(`${looker.baseUrl}/api/${looker.apiVersion}${path}`, { headers }, (reply) => {
        reply.toArray().then((chunks) => resolve(JSON.parse(Buffer.concat(chunks))), reject);
      })
      .once('error', reject);
  });
}

function item(label, icon, state) {
  const made = new vscode.TreeItem(label, state);
  made.iconPath = new vscode.ThemeIcon(icon);
  return made;
}
