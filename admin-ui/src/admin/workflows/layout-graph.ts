import { graphlib, layout } from '@dagrejs/dagre';
import type { WorkflowDocument } from '@mortise/core/contract';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedState {
  readonly region: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One way from a state to another: a transition that leads from several states has several. */
interface PlacedWay {
  readonly key: string;
  readonly region: string;
  readonly transition: string;
  readonly from: string;
  readonly to: string;
  readonly points: readonly Point[];
  /** Middle of its label; null where another way of the same transition bears it. */
  readonly label: Point | null;
}

/** A region as a lane; lanes stand below each other, because they run side by side. */
interface PlacedLane {
  readonly region: string;
  readonly y: number;
  readonly height: number;
}

interface PlacedWorkflow {
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly PlacedLane[];
  readonly states: readonly PlacedState[];
  readonly ways: readonly PlacedWay[];
}

const STATE = { least: 104, most: 190, height: 46, line: 17 } as const;
const LABEL = { height: 22, most: 150 } as const;
const LANE = { head: 30, gap: 14, margin: 20 } as const;

/** Width of a text in a font of 13 px: a Chinese character is about twice a Latin letter. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += character.codePointAt(0)! > 0x2e7f ? 13.4 : 7.1;
  return width;
}

/** Lines that a text needs in a box. */
function linesOf(text: string, width: number): number {
  return Math.max(1, Math.ceil(widthOf(text) / width));
}

/**
 * Places the states of each region from left to right, or from top to bottom, in the order in which they are reached, with room for the names
 * of the transitions between them. The same document looks the same to everybody: places are computed, not kept.
 * @param nameOf the text that is shown of a state or transition
 */
export function layoutWorkflow(
  { regions }: Pick<WorkflowDocument, 'regions'>,
  nameOf: (label: { readonly 'zh-CN': string; readonly en: string }) => string,
  direction: 'LR' | 'TB' = 'LR',
): PlacedWorkflow {
  const lanes: PlacedLane[] = [];
  const states: PlacedState[] = [];
  const ways: PlacedWay[] = [];
  let top = 0;
  let widest = 0;
  for (const [region, { states: own, transitions, initial }] of Object.entries(regions)) {
    const graph = new graphlib.Graph({ multigraph: true });
    graph.setGraph({
      rankdir: direction,
      nodesep: 34,
      edgesep: 18,
      ranksep: 46,
      marginx: LANE.margin,
      marginy: LANE.margin,
    });
    graph.setDefaultEdgeLabel(() => ({}));
    // The first state first: where there are circles, the order decides what counts as the way back.
    const names = [initial, ...Object.keys(own).filter((name) => name !== initial)].filter((name) =>
      Object.hasOwn(own, name),
    );
    for (const name of names) {
      const text = nameOf(own[name]!.label) || name;
      const width = Math.min(STATE.most, Math.max(STATE.least, widthOf(text) + 46));
      graph.setNode(name, { width, height: STATE.height + (linesOf(text, width - 40) - 1) * STATE.line });
    }
    const drawn: { key: string; transition: string; from: string; to: string; bears: boolean }[] = [];
    for (const [transition, { from, to, label }] of Object.entries(transitions)) {
      const text = nameOf(label) || transition;
      const sources = Object.keys(from).filter((name) => Object.hasOwn(own, name));
      for (const [index, source] of sources.entries()) {
        if (!Object.hasOwn(own, to)) continue;
        const key = `${transition}/${source}`;
        const width = Math.min(LABEL.most, widthOf(text) + 18);
        graph.setEdge(
          source,
          to,
          index === 0
            ? { width, height: LABEL.height * linesOf(text, width - 12), labelpos: 'c', minlen: 1 }
            : { width: 1, height: 1, minlen: 1 },
          key,
        );
        drawn.push({ key, transition, from: source, to, bears: index === 0 });
      }
    }
    layout(graph);
    const size = graph.graph() as { width?: number; height?: number };
    const offset = top + LANE.head;
    for (const name of names) {
      const { x, y, width, height } = graph.node(name) as Point & { width: number; height: number };
      states.push({ region, name, x: x - width / 2, y: y - height / 2 + offset, width, height });
    }
    for (const { key, transition, from, to, bears } of drawn) {
      const edge = graph.edge({ v: from, w: to, name: key }) as {
        points?: Point[];
        x?: number;
        y?: number;
      };
      const points = (edge.points ?? []).map(({ x, y }) => ({ x, y: y + offset }));
      const middle = points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 };
      ways.push({
        key: `${region}/${key}`,
        region,
        transition,
        from,
        to,
        points,
        label: bears ? { x: edge.x ?? middle.x, y: edge.y === undefined ? middle.y : edge.y + offset } : null,
      });
    }
    const height = LANE.head + (names.length === 0 ? 60 : (size.height ?? 0));
    lanes.push({ region, y: top, height });
    widest = Math.max(widest, size.width ?? 0);
    top += height + LANE.gap;
  }
  return { width: Math.max(widest, 320), height: Math.max(top - LANE.gap, 120), lanes, states, ways };
}

/** A smooth path through points. */
export function pathThrough(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  if (rest.length < 2) return `M${first.x},${first.y} ${rest.map(({ x, y }) => `L${x},${y}`).join(' ')}`;
  let path = `M${first.x},${first.y}`;
  for (let index = 0; index < rest.length - 1; index += 1) {
    const [here, next] = [rest[index]!, rest[index + 1]!];
    const isLast = index === rest.length - 2;
    const end = isLast ? next : { x: (here.x + next.x) / 2, y: (here.y + next.y) / 2 };
    path += ` Q${here.x},${here.y} ${end.x},${end.y}`;
  }
  return path;
}
