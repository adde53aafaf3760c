import { createHash } from 'node:crypto';
import type { HtmlPage } from '../../../../codec/http-response.ts';
import { html, inlineCode, ownPath, type Html } from '../../../../console/html.ts';
import { age, columnsOf } from '../api/columns.ts';
import { imageOf, workloadsIn } from '../cluster.ts';
import { revisionOf, DEPLOYMENT_WORDS, ROLLOUT_WORDS } from '../controllers/revisions.ts';
import { CONTROLLER_REVISION, ownedBy, POD, REPLICA_SET } from '../controllers/world.ts';
import type { Fault } from '../faults.ts';
import {
  countAt,
  instantAt,
  nameOf,
  namespaceOf,
  objectAt,
  textAt,
  uidOf,
  type KubeObject,
} from '../fields.ts';
import { SHOP } from '../seed/shop.ts';
import type { Store } from '../store/store.ts';
import { healthOf } from './health.ts';
import { script } from './script.ts';
import { style } from './style.ts';

const sourceOf = (code: string): string =>
  `'sha256-${createHash('sha256').update(code, 'utf8').digest('base64')}'`;

const styleSources = [sourceOf(style)];
const scriptSources = [sourceOf(script)];

export interface Scene {
  readonly store: Store;
  readonly nowMs: number;
  readonly path: string;
  readonly serverUrl: string;
  readonly faults: readonly Fault[];
  readonly tag: string;
}

/** What runs in the shop, how it is, and how to break it. */
export function renderPage(scene: Scene): HtmlPage {
  const { path, tag, serverUrl } = scene;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <title>Kubernetes sandbox · Tocsin</title>
        ${inlineCode('style', style)}
      </head>
      <body data-base="${path}" data-tag="${tag}">
        <header class="top">
          <a class="name" href="${ownPath('/')}">Tocsin</a>
          <span class="tenant">Kubernetes sandbox: namespace ${SHOP} at ${serverUrl}</span>
        </header>
        <main>
          <h1>What runs in ${SHOP}</h1>
          <p class="dim">
            No container runs here: a version behaves as the end of its tag says. The real kubectl
            works with the file <code>kubeconfig</code> in the data directory.
          </p>
          <p id="contact" role="status"></p>
          ${cluster(scene)}
          <noscript><p>The buttons of this page need JavaScript.</p></noscript>
        </main>
        ${inlineCode('script', script)}
      </body>
    </html> `;
  return { html: page.text, styleSources, scriptSources };
}

function cluster(scene: Scene): Html {
  const { store, faults } = scene;
  const kinds = faults.map(({ kind }) => kind).join(', ');
  return html`<div id="cluster">
    ${faults.length === 0 ? null : html`<p>Faults that are switched on: ${kinds}.</p>`}
    ${workloadsIn(store, SHOP).map(({ object }) => workload(scene, object))}
  </div>`;
}

function workload(scene: Scene, object: KubeObject): Html {
  const { tone, words } = healthOf(object);
  return html`<section class="workload">
    <header>
      <h2>${nameOf(object)}</h2>
      <span class="dim">${textAt(object, 'kind')}, ${imageOf(object)}</span>
      <span class="health ${tone}">${words}</span>
    </header>
    <div class="parts">
      <div>
        <h3>Revisions</h3>
        <ul>
          ${revisions(scene, object)}
        </ul>
      </div>
      <div>
        <h3>Pods</h3>
        <ul>
          ${pods(scene, object)}
        </ul>
      </div>
    </div>
    <div class="buttons">
      ${button(object, { act: 'deploy', how: 'broken', label: 'Deploy a broken version' })}
      ${button(object, { act: 'deploy', how: 'good', label: 'Deploy a good one' })}
      ${
        object['kind'] === 'Rollout'
          ? button(object, { act: 'promote', how: '', label: 'Promote fully' })
          : null
      }
    </div>
  </section>`;
}

interface Button {
  readonly act: string;
  readonly how: string;
  readonly label: string;
}

const button = (object: KubeObject, { act, how, label }: Button): Html =>
  html`<button
    type="button"
    id="${act}-${how}-${uidOf(object)}"
    class="${how === 'broken' ? 'danger' : how === 'good' ? 'primary' : ''}"
    data-act="${act}"
    data-how="${how}"
    data-namespace="${namespaceOf(object)}"
    data-name="${nameOf(object)}"
  >
    ${label}
  </button>`;

function revisions({ store, nowMs }: Scene, owner: KubeObject): readonly Html[] {
  const words = owner['kind'] === 'Rollout' ? ROLLOUT_WORDS : DEPLOYMENT_WORDS;
  const sets = ownedBy(store, REPLICA_SET, owner).map((set) => ({
    revision: revisionOf(set, words),
    says: `${imageOf(set)}, ${String(countAt(set, 'status', 'readyReplicas'))} ready`,
    of: set,
  }));
  const kept = ownedBy(store, CONTROLLER_REVISION, owner).map((revision) => ({
    revision: countAt(revision, 'revision'),
    says: imageOf(objectAt(revision, 'data')),
    of: revision,
  }));
  return [...sets, ...kept]
    .sort((one, other) => other.revision - one.revision)
    .map(({ revision, says, of }) => {
      const old = age(instantAt(of, 'metadata', 'creationTimestamp'), nowMs);
      return html`<li><strong>${revision}</strong> ${says} <span class="dim">(${old})</span></li>`;
    });
}

function pods({ store, nowMs }: Scene, owner: KubeObject): readonly Html[] {
  const owners = [owner, ...ownedBy(store, REPLICA_SET, owner)];
  const columns = columnsOf('Pod').filter(({ name }) => ['Name', 'Ready', 'Status'].includes(name));
  return owners
    .flatMap((one) => ownedBy(store, POD, one))
    .map((pod) => html`<li>${columns.map(({ cell }) => cell(pod, nowMs)).join('  ')}</li>`);
}
