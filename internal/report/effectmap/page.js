'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const functions = data.functions || [], calls = data.calls || [];
  const $ = id => document.getElementById(id);
  const el = (name, attrs = {}, ...children) => {
    const svg = ['g', 'rect', 'path', 'text', 'title'].includes(name);
    const e = svg ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
    for (const [k, v] of Object.entries(attrs)) if (v !== undefined && v !== false) e.setAttribute(k, v);
    e.append(...children);
    return e;
  };

  const out = functions.map(() => []), into = functions.map(() => []);
  for (const c of calls) { out[c.from].push(c); into[c.to].push(c); }
  const index = new Map(functions.map((f, i) => [f.name, i]));
  const boundary = e => e.boundary || 'direct';
  const packages = [...new Set(functions.map(f => f.package))].sort();
  const kinds = [...new Set(functions.flatMap(f => (f.effects || []).map(e => e.kind)))].sort();
  const prefix = commonPrefix(packages);
  const shortPackage = p => p.slice(prefix.length) || p.split('/').pop();

  function commonPrefix(paths) {
    if (paths.length < 2) return '';
    const parts = paths.map(p => p.split('/'));
    let n = 0;
    while (parts.every(p => p.length > n + 1 && p[n] === parts[0][n])) n++;
    return n ? parts[0].slice(0, n).join('/') + '/' : '';
  }

  // What is shown: the filters, and one function or package that is picked.
  const state = { text: '', pkg: '', boundary: '', entries: false, changed: false, kinds: new Set(), picked: null, focus: null };

  const effectShown = e =>
    (!state.kinds.size || state.kinds.has(e.kind)) && (!state.boundary || boundary(e) === state.boundary) && (!state.changed || e.change);
  const filtersEffects = () => state.kinds.size || state.boundary;
  function shown(f) {
    if (state.pkg && f.package !== state.pkg) return false;
    if (state.entries && !f.entry) return false;
    if (state.changed && !f.change && !(f.effects || []).some(e => e.change)) return false;
    if (filtersEffects() && !(f.effects || []).some(effectShown)) return false;
    return !state.text || `${f.name} ${f.pos}`.toLowerCase().includes(state.text);
  }
  const visible = () => functions.map((f, i) => i).filter(i => shown(functions[i]));

  // The list.
  function renderList() {
    const list = $('list');
    list.textContent = '';
    const ids = visible().sort((a, b) => {
      const f = functions[a], g = functions[b];
      return f.package < g.package ? -1 : f.package > g.package ? 1 : (!f.entry - !g.entry) || (f.short < g.short ? -1 : 1);
    });
    let group = null;
    for (const i of ids) {
      const f = functions[i];
      if (f.package !== group) {
        group = f.package;
        list.append(el('li', { class: 'group', role: 'presentation' }, shortPackage(group)));
      }
      const li = el('li', { role: 'option', id: `f${i}`, 'data-id': i, 'aria-selected': String(i === state.picked), title: f.name });
      li.append(el('span', { class: f.change || '' }, f.short), ' ', el('small', {}, summary(f)));
      list.append(li);
    }
    const n = ids.length;
    $('count').textContent = n === functions.length ? `${n} functions with effects` : `${n} of ${functions.length} functions`;
    list.setAttribute('aria-activedescendant', state.picked === null ? '' : `f${state.picked}`);
  }
  const summary = f => [...new Set((f.effects || []).filter(effectShown).map(e => e.kind))].join(' ');

  // The graph: layers from left to right, entry points first, effects last.
  function graph() {
    if (state.picked !== null) return functionGraph(neighbourhood(state.picked));
    if (state.focus !== null) return functionGraph(packageMembers(state.focus));
    return packageGraph();
  }

  function packageGraph() {
    const ids = new Set(visible()), nodes = new Map(), edges = new Map();
    for (const i of ids) {
      const f = functions[i];
      const n = nodes.get(f.package) || { id: `p:${f.package}`, label: shortPackage(f.package), count: 0, entry: false, pkg: f.package };
      n.count++;
      n.entry ||= !!f.entry;
      if (f.change) n.change = n.change && n.change !== f.change ? 'gained' : f.change;
      nodes.set(f.package, n);
    }
    const few = nodes.size <= 12; // of many packages the effects are named in the box: an edge for each would hide the calls
    for (const c of calls) {
      const a = functions[c.from].package, b = functions[c.to].package;
      if (a !== b && ids.has(c.from) && ids.has(c.to)) addEdge(edges, `p:${a}`, `p:${b}`, c.transaction ? 'transaction' : '');
    }
    for (const n of [...nodes.values()]) n.label += ` (${n.count})${few ? '' : kindsOf(n.pkg, ids)}`;
    if (few) for (const i of ids) for (const e of (functions[i].effects || []).filter(effectShown))
      if (ownEffect(i, e)) sink(nodes, edges, `p:${functions[i].package}`, e);
    return { nodes: [...nodes.values()], edges: [...edges.values()] };
  }

  const kindsOf = (pkg, ids) => ' ' + [...new Set([...ids].filter(i => functions[i].package === pkg)
    .flatMap(i => (functions[i].effects || []).filter(e => effectShown(e) && ownEffect(i, e)).map(e => e.kind)))].sort().join(' ');

  // An effect is drawn at the function that has its last call; further up it is reached through edges.
  const ownEffect = (i, e) => e.chain.length <= 1 || !out[i].length || e.boundary === 'scope';

  function functionGraph(ids) {
    const nodes = new Map(), edges = new Map();
    for (const i of ids) {
      const f = functions[i];
      nodes.set(i, { id: `f:${i}`, label: f.short, title: f.name, entry: !!f.entry, change: f.change, fn: i, picked: i === state.picked });
    }
    for (const c of calls) if (ids.has(c.from) && ids.has(c.to)) addEdge(edges, `f:${c.from}`, `f:${c.to}`, c.transaction ? 'transaction' : '');
    for (const i of ids) for (const e of (functions[i].effects || []).filter(effectShown)) {
      const reached = out[i].some(c => ids.has(c.to) && (functions[c.to].effects || []).some(x => x.kind === e.kind));
      if (!reached || ownEffect(i, e)) sink(nodes, edges, `f:${i}`, e);
    }
    return { nodes: [...nodes.values()], edges: [...edges.values()] };
  }

  function sink(nodes, edges, from, e) {
    const id = `k:${e.kind}`;
    if (!nodes.has(id)) nodes.set(id, { id, label: e.kind, sink: true, kind: e.kind });
    addEdge(edges, from, id, boundary(e));
  }

  const strength = { '': 0, scope: 1, direct: 2, transaction: 3 };
  function addEdge(edges, from, to, how) {
    const key = `${from}>${to}`, e = edges.get(key);
    if (!e) edges.set(key, { from, to, how });
    else if (strength[how] > strength[e.how]) e.how = how;
  }

  // neighbourhood is the picked function, its nearest callers, what it calls itself, and the ways to its effects: as much as an
  // eye can follow. The list of all is in the details.
  function neighbourhood(start) {
    const ids = new Set([start]);
    for (let layer = [start]; layer.length && ids.size < 25;) {
      const following = [];
      for (const i of layer) for (const c of into[i]) if (ids.size < 25 && !ids.has(c.from)) { ids.add(c.from); following.push(c.from); }
      layer = following;
    }
    for (const e of functions[start].effects || []) for (const s of e.chain) if (index.has(s.callee)) ids.add(index.get(s.callee));
    for (const c of out[start].slice(0, 20)) ids.add(c.to);
    return ids;
  }

  function packageMembers(pkg) {
    const ids = new Set(visible().filter(i => functions[i].package === pkg));
    for (const i of [...ids]) for (const c of [...into[i], ...out[i]]) if (ids.size < 160) { ids.add(c.from); ids.add(c.to); }
    return ids;
  }

  function layers({ nodes, edges }) {
    const byId = new Map(nodes.map(n => [n.id, n])), next = new Map(nodes.map(n => [n.id, []]));
    for (const e of edges) next.get(e.from).push(e.to);
    const mark = new Map(), depth = new Map(nodes.map(n => [n.id, 0])), done = [];
    const back = new Set();
    for (const root of nodes) { // depth first, without recursion: edges to a node still open close a cycle
      if (mark.has(root.id)) continue;
      const stack = [[root.id, 0]];
      mark.set(root.id, 1);
      while (stack.length) {
        const top = stack[stack.length - 1], targets = next.get(top[0]);
        if (top[1] === targets.length) { mark.set(top[0], 2); done.push(top[0]); stack.pop(); continue; }
        const to = targets[top[1]++];
        if (mark.get(to) === 1) back.add(`${top[0]}>${to}`);
        else if (!mark.has(to)) { mark.set(to, 1); stack.push([to, 0]); }
      }
    }
    for (const id of done.reverse()) for (const to of next.get(id))
      if (!back.has(`${id}>${to}`)) depth.set(to, Math.max(depth.get(to), depth.get(id) + 1));
    const last = Math.max(0, ...nodes.filter(n => !n.sink).map(n => depth.get(n.id))) + 1;
    for (const n of nodes) if (n.sink) depth.set(n.id, last);
    const columns = [];
    const place = (n, d) => (columns[d] ||= []).push(n);
    for (const n of nodes) place(n, depth.get(n.id));
    route(edges, depth, byId, place);
    const result = columns.filter(Boolean);
    order(result, edges);
    return { columns: result, byId };
  }

  // route gives each edge that passes other columns a free lane in them: a bend, which is ordered like a node and drawn as a point.
  function route(edges, depth, byId, place) {
    for (const e of edges) {
      e.way = [byId.get(e.from)];
      for (let d = depth.get(e.from) + 1; d < depth.get(e.to); d++) {
        const bend = { id: `${e.from}>${e.to}:${d}`, label: '', bend: true };
        e.way.push(bend);
        place(bend, d);
      }
      e.way.push(byId.get(e.to));
    }
  }

  // order sorts each column by where its neighbours stand (barycenters, sweeping both ways), to keep crossings few.
  function order(columns, edges) {
    const before = new Map(), after = new Map();
    const link = (m, a, b) => m.has(a) ? m.get(a).push(b) : m.set(a, [b]);
    for (const e of edges) for (let i = 1; i < e.way.length; i++) { link(after, e.way[i - 1], e.way[i]); link(before, e.way[i], e.way[i - 1]); }
    const rank = new Map();
    const number = col => col.forEach((n, i) => rank.set(n, (i + 0.5) / col.length));
    columns.forEach(number);
    for (let sweep = 0; sweep < 8; sweep++) {
      const links = sweep % 2 ? after : before;
      for (const col of sweep % 2 ? [...columns].reverse() : columns) {
        for (const n of col) {
          const ls = links.get(n);
          n.weight = ls ? ls.reduce((sum, m) => sum + rank.get(m), 0) / ls.length : rank.get(n);
        }
        col.sort((a, b) => a.weight - b.weight || (a.label < b.label ? -1 : 1));
        number(col);
      }
    }
  }

  function renderGraph() {
    const svg = $('graph'), g = graph();
    svg.textContent = '';
    const { columns, byId } = layers(g);
    const gap = 80, pad = 16, tall = n => n.bend ? 12 : 34;
    const heights = columns.map(col => col.reduce((sum, n) => sum + tall(n), 0));
    const height = Math.max(0, ...heights);
    let x = pad;
    columns.forEach((col, c) => {
      let y = pad + (height - heights[c]) / 2, width = 0;
      for (const n of col) {
        n.x = x; n.y = y; n.w = n.bend ? 0 : Math.min(300, 7 * n.label.length + 20);
        n.middle = n.bend ? y : y + 12;
        y += tall(n);
        width = Math.max(width, n.w);
      }
      for (const n of col) if (n.bend) n.w = width;
      x += width + gap;
    });
    svg.setAttribute('width', x);
    svg.setAttribute('height', height + 2 * pad);
    for (const e of g.edges) svg.append(el('path', { class: e.how, d: line(e.way) }));
    for (const col of columns) for (const n of col) if (!n.bend) svg.append(node(n));
    (svg.querySelector('.picked') || svg.querySelector('.node'))?.scrollIntoView({ block: 'center', inline: 'nearest' });
    const where = state.picked !== null ? functions[state.picked].name : state.focus !== null ? state.focus : `${g.nodes.filter(n => !n.sink).length} packages`;
    $('where').textContent = g.nodes.length ? where : 'nothing matches the filters';
  }

  // line is a curve from column to column, straight through the lanes.
  function line(way) {
    let d = '';
    for (let i = 1; i < way.length; i++) {
      const a = way[i - 1], b = way[i], x1 = a.x + a.w, bend = Math.max(30, Math.abs(b.x - x1) / 2);
      d += `${i === 1 ? 'M' : 'L'}${x1},${a.middle} C${x1 + bend},${a.middle} ${b.x - bend},${b.middle} ${b.x},${b.middle}`;
    }
    return d;
  }

  function node(n) {
    const cls = ['node', n.sink && 'sink', n.entry && 'entry', n.picked && 'picked', n.change].filter(Boolean).join(' ');
    const g = el('g', { class: cls, transform: `translate(${n.x},${n.y})`, tabindex: 0, role: 'button', 'data-node': n.id, 'aria-label': n.title || n.label });
    const max = Math.floor((n.w - 16) / 7);
    const label = n.label.length > max + 1 ? n.label.slice(0, max - 1) + '…' : n.label;
    g.append(el('rect', { width: n.w, height: 24, rx: 4 }), el('text', { x: 9, y: 16 }, label), el('title', {}, n.title || n.label));
    const open = () => n.sink ? toggleKind(n.kind) : n.pkg !== undefined ? focusPackage(n.pkg) : pick(n.fn);
    g.addEventListener('click', open);
    g.addEventListener('keydown', ev => { if (ev.key === 'Enter' || ev.key === ' ') { ev.preventDefault(); open(); } });
    return g;
  }

  // The details: the chain of each effect, with the boundary that it crosses.
  const crossing = {
    direct: 'leaves at once',
    scope: 'enqueued: a scope decides whether and when it leaves',
    transaction: 'crosses an open transaction: it is out even if the transaction rolls back',
  };
  function renderDetail() {
    const box = $('detail');
    box.textContent = '';
    if (state.picked === null) {
      box.append(el('h2', {}, 'Pick a function or a package'), el('p', {}, 'Arrow keys move through the list, / searches, Escape goes back.'));
      if (data.base) box.append(el('p', {}, `Changes are told against ${data.base}.`));
      return;
    }
    const f = functions[state.picked];
    box.append(el('h2', { class: f.change || '' }, f.name), el('p', {}, [f.pos, f.entry, f.pure && 'pure'].filter(Boolean).join(' · ')));
    for (const e of (f.effects || []).filter(effectShown)) {
      const b = boundary(e);
      const title = el('h3', {}, el('span', { class: e.change || '' }, `${e.kind}${e.command ? '' : ' query'}`), ' ', el('span', { class: `badge ${b}` }, b === 'scope' ? 'through Enqueue' : b));
      if (e.async) title.append(` ${e.async === 'queued' ? 'through a queue' : 'on a goroutine'}`);
      if (e.change) title.append(` ${e.change}`);
      const chain = el('ol', { class: `chain ${b}` });
      for (const s of e.chain) {
        const li = el('li', {}, known(s.callee));
        if (s.pos || s.source) li.append(el('code', {}, [s.pos, s.source && s.source.trim()].filter(Boolean).join('\n')));
        chain.append(li);
      }
      box.append(title, chain, el('p', { class: 'crossing' }, crossing[b]));
    }
    links(box, 'Called by', into[state.picked].map(c => c.from));
    links(box, 'Calls', out[state.picked].map(c => c.to));
  }
  function known(name) {
    const i = index.get(name);
    if (i === undefined) return el('span', {}, name);
    const a = el('a', { href: '#', 'data-go': i }, name);
    a.addEventListener('click', ev => { ev.preventDefault(); pick(i); });
    return a;
  }
  function links(box, title, ids) {
    if (!ids.length) return;
    box.append(el('h3', {}, title));
    for (const i of [...new Set(ids)].slice(0, 40)) box.append(el('p', {}, known(functions[i].name)));
  }

  // What a person does.
  function render() { renderList(); renderGraph(); renderDetail(); }
  function pick(i) { state.picked = i; render(); $(`f${i}`)?.scrollIntoView({ block: 'nearest' }); remember(); }
  function focusPackage(p) { state.picked = null; state.focus = p; render(); remember(); }
  function overview() { state.picked = state.focus = null; render(); remember(); }
  function toggleKind(k) {
    state.kinds.has(k) ? state.kinds.delete(k) : state.kinds.add(k);
    for (const b of $('kinds').children) b.setAttribute('aria-pressed', String(state.kinds.has(b.dataset.kind)));
    render();
  }
  const remember = () => history.replaceState(null, '', state.picked === null ? '#' : `#${encodeURIComponent(functions[state.picked].name)}`);
  function move(step) {
    const items = [...$('list').querySelectorAll('[role=option]')];
    if (!items.length) return;
    const at = items.findIndex(li => +li.dataset.id === state.picked);
    pick(+items[Math.min(items.length - 1, Math.max(0, at + step))].dataset.id);
  }

  for (const p of packages) $('package').append(el('option', { value: p }, shortPackage(p)));
  for (const k of kinds) {
    const b = el('button', { type: 'button', 'aria-pressed': 'false', 'data-kind': k }, k);
    b.addEventListener('click', () => toggleKind(k));
    $('kinds').append(b);
  }
  $('changes').hidden = !data.base;
  $('search').addEventListener('input', e => { state.text = e.target.value.trim().toLowerCase(); render(); });
  $('package').addEventListener('change', e => { state.pkg = e.target.value; render(); });
  $('boundary').addEventListener('change', e => { state.boundary = e.target.value; render(); });
  $('entries').addEventListener('change', e => { state.entries = e.target.checked; render(); });
  $('changed').addEventListener('change', e => { state.changed = e.target.checked; render(); });
  $('overview').addEventListener('click', overview);
  $('list').addEventListener('click', e => { const li = e.target.closest('[role=option]'); if (li) pick(+li.dataset.id); });
  document.addEventListener('keydown', e => {
    const typing = e.target.matches('input[type=search], select');
    if (e.key === '/' && !typing) { e.preventDefault(); $('search').focus(); }
    else if (e.key === 'Escape') { if (typing) $('list').focus(); else overview(); }
    else if ((e.key === 'ArrowDown' || e.key === 'ArrowUp') && !e.target.matches('select')) {
      e.preventDefault();
      $('list').focus();
      move(e.key === 'ArrowDown' ? 1 : -1);
    }
  });
  const asked = index.get(decodeURIComponent(location.hash.slice(1)));
  if (asked !== undefined) state.picked = asked;
  render();
})();
