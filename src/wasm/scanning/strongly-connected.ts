// Strongly connected components of a graph (Tarjan 1972), without recursion, because guests can make call
// chains as deep as they like.

/**
 * Successors of all nodes in one array: those of node n are `targets[first[n]]` to
 * `targets[first[n + 1] - 1]`.
 */
export interface Graph {
  readonly nodes: number;
  readonly first: Int32Array;
  readonly targets: Int32Array;
}

/** Components, numbered so that a node's successors are in components of the same or a lower number. */
export interface Components {
  /** Component of each node. */
  readonly of: Int32Array;
  /** All nodes, by ascending component. */
  readonly order: Int32Array;
  /** 1 for each component with a cycle. */
  readonly cyclic: Uint8Array;
}

/** Finds the components in time linear in nodes and edges. */
export function stronglyConnected(graph: Graph): Components {
  return new Search(graph).run();
}

class Search {
  private readonly graph: Graph;
  private readonly visited: Int32Array;
  private readonly low: Int32Array;
  private readonly cursor: Int32Array;
  private readonly component: Int32Array;
  private readonly order: Int32Array;
  private readonly cyclic: Uint8Array;
  /** Nodes whose component is still open. */
  private readonly open: number[] = [];
  private readonly path: number[] = [];
  private clock = 0;
  private components = 0;
  private ordered = 0;

  constructor(graph: Graph) {
    this.graph = graph;
    this.visited = new Int32Array(graph.nodes);
    this.low = new Int32Array(graph.nodes);
    this.cursor = graph.first.slice(0, graph.nodes);
    this.component = new Int32Array(graph.nodes).fill(-1);
    this.order = new Int32Array(graph.nodes);
    this.cyclic = new Uint8Array(graph.nodes);
  }

  run(): Components {
    for (let node = 0; node < this.graph.nodes; node++) {
      if (this.visited[node] === 0) this.explore(node);
    }
    return { of: this.component, order: this.order, cyclic: this.cyclic };
  }

  private explore(root: number): void {
    this.enter(root);
    for (let node = this.path.at(-1); node !== undefined; node = this.path.at(-1)) {
      const next = this.nextSuccessor(node);
      if (next === -1) this.leave(node);
      else if (this.visited[next] === 0) this.enter(next);
      else if (this.component[next] === -1) this.lower(node, this.visited[next] ?? 0);
    }
  }

  private nextSuccessor(node: number): number {
    const at = this.cursor[node] ?? 0;
    if (at >= (this.graph.first[node + 1] ?? 0)) return -1;
    this.cursor[node] = at + 1;
    return this.graph.targets[at] ?? -1;
  }

  private enter(node: number): void {
    this.visited[node] = this.low[node] = ++this.clock;
    this.open.push(node);
    this.path.push(node);
  }

  private lower(node: number, to: number): void {
    this.low[node] = Math.min(this.low[node] ?? 0, to);
  }

  private leave(node: number): void {
    this.path.pop();
    const low = this.low[node] ?? 0;
    const parent = this.path.at(-1);
    if (parent !== undefined) this.lower(parent, low);
    if (low === this.visited[node]) this.close(node);
  }

  /** `root` is the first visited node of its component; the component is everything open above it. */
  private close(root: number): void {
    const component = this.components++;
    const from = this.ordered;
    for (let node = this.open.pop(); node !== undefined; node = this.open.pop()) {
      this.component[node] = component;
      this.order[this.ordered++] = node;
      if (node === root) break;
    }
    if (this.ordered - from > 1 || this.callsItself(root)) this.cyclic[component] = 1;
  }

  private callsItself(node: number): boolean {
    const { first, targets } = this.graph;
    return targets.subarray(first[node], first[node + 1]).includes(node);
  }
}
