//! Minimum cuts by the augmenting-tree algorithm of Boykov and Kolmogorov (IEEE PAMI 26:1124, 2004).

use std::collections::VecDeque;

const NONE: u32 = u32::MAX;
/// Parent marks of nodes that hang on a terminal, or lost their parent.
const TERMINAL: u32 = u32::MAX - 1;
const ORPHAN: u32 = u32::MAX - 2;

#[derive(Clone, Copy)]
struct Arc {
    head: u32,
    next: u32,
    residual: i32,
}

#[derive(Clone, Copy, PartialEq)]
enum Tree {
    Free,
    Source,
    Sink,
}

#[derive(Clone, Copy)]
struct Node {
    first: u32,
    /// The arc towards the parent, or one of the marks.
    parent: u32,
    /// Residual to the source (positive) or the sink (negative).
    terminal: i32,
    distance: u32,
    stamp: u32,
    tree: Tree,
    active: bool,
}

/// A graph between a source and a sink.
pub(super) struct Graph {
    nodes: Vec<Node>,
    /// Arcs in pairs: arc `a` and its reverse `a ^ 1`.
    arcs: Vec<Arc>,
    active: VecDeque<u32>,
    orphans: VecDeque<u32>,
    time: u32,
    flow: i64,
}

impl Graph {
    /// A graph of `nodes` nodes (fewer than 2^32 - 3) without edges.
    pub(super) fn new(nodes: usize) -> Self {
        let node = Node {
            first: NONE,
            parent: NONE,
            terminal: 0,
            distance: 0,
            stamp: 0,
            tree: Tree::Free,
            active: false,
        };
        Graph {
            nodes: vec![node; nodes],
            arcs: Vec::new(),
            active: VecDeque::new(),
            orphans: VecDeque::new(),
            time: 0,
            flow: 0,
        }
    }

    /// Adds capacities from the source and to the sink.
    pub(super) fn add_terminal(&mut self, node: usize, from_source: i32, to_sink: i32) {
        self.flow += i64::from(from_source.min(to_sink));
        let node = &mut self.nodes[node];
        node.terminal = node.terminal.saturating_add(from_source - to_sink);
    }

    /// Joins two nodes with the same capacity in both directions.
    pub(super) fn add_edge(&mut self, a: usize, b: usize, capacity: i32) {
        let arc = self.arcs.len() as u32;
        self.arcs.push(Arc { head: b as u32, next: self.nodes[a].first, residual: capacity });
        self.arcs.push(Arc { head: a as u32, next: self.nodes[b].first, residual: capacity });
        self.nodes[a].first = arc;
        self.nodes[b].first = arc + 1;
    }

    /// Whether a node is on the source's side of the minimum cut; the smallest such set, so that the answer does
    /// not depend on the order of nodes and edges.
    pub(super) fn is_source(&self, node: usize) -> bool {
        self.nodes[node].tree == Tree::Source
    }

    /// Finds the maximum flow, which is also the capacity of the minimum cut.
    pub(super) fn solve(&mut self) -> i64 {
        for n in 0..self.nodes.len() {
            let node = &mut self.nodes[n];
            if node.terminal != 0 {
                node.tree = if node.terminal > 0 { Tree::Source } else { Tree::Sink };
                node.parent = TERMINAL;
                node.distance = 1;
                self.activate(n as u32);
            }
        }
        while let Some(n) = self.active.front().copied() {
            if self.nodes[n as usize].parent == NONE {
                self.retire();
                continue;
            }
            match self.grow(n) {
                Some(bridge) => {
                    self.time += 1;
                    self.augment(bridge);
                    while let Some(orphan) = self.orphans.pop_front() {
                        self.adopt(orphan);
                    }
                }
                None => self.retire(),
            }
        }
        self.flow
    }

    fn activate(&mut self, n: u32) {
        if !self.nodes[n as usize].active {
            self.nodes[n as usize].active = true;
            self.active.push_back(n);
        }
    }

    fn retire(&mut self) {
        if let Some(n) = self.active.pop_front() {
            self.nodes[n as usize].active = false;
        }
    }

    /// Grows the tree of an active node; returns an arc from the source tree to the sink tree where they meet.
    fn grow(&mut self, n: u32) -> Option<u32> {
        let me = self.nodes[n as usize];
        let mut a = me.first;
        while a != NONE {
            let arc = self.arcs[a as usize];
            let usable = match me.tree {
                Tree::Source => arc.residual,
                _ => self.arcs[(a ^ 1) as usize].residual,
            };
            if usable > 0 {
                let other = &mut self.nodes[arc.head as usize];
                if other.parent == NONE {
                    other.tree = me.tree;
                    other.parent = a ^ 1;
                    other.stamp = me.stamp;
                    other.distance = me.distance + 1;
                    self.activate(arc.head);
                } else if other.tree != me.tree {
                    return Some(if me.tree == Tree::Source { a } else { a ^ 1 });
                } else if other.stamp <= me.stamp && other.distance > me.distance {
                    // A shorter way to the terminal keeps the trees flat.
                    other.parent = a ^ 1;
                    other.stamp = me.stamp;
                    other.distance = me.distance + 1;
                }
            }
            a = arc.next;
        }
        None
    }

    fn augment(&mut self, bridge: u32) {
        let (tail, head) = (self.arcs[(bridge ^ 1) as usize].head, self.arcs[bridge as usize].head);
        let mut bottleneck = self.arcs[bridge as usize].residual;
        bottleneck =
            bottleneck.min(self.bottleneck(tail, Tree::Source)).min(self.bottleneck(head, Tree::Sink));
        self.arcs[bridge as usize].residual -= bottleneck;
        self.arcs[(bridge ^ 1) as usize].residual += bottleneck;
        self.push(tail, Tree::Source, bottleneck);
        self.push(head, Tree::Sink, bottleneck);
        self.flow += i64::from(bottleneck);
    }

    /// The arc of a tree edge along which flow runs: from the parent in the source tree, to it in the sink tree.
    fn flow_arc(parent: u32, tree: Tree) -> usize {
        (if tree == Tree::Source { parent ^ 1 } else { parent }) as usize
    }

    fn bottleneck(&self, from: u32, tree: Tree) -> i32 {
        let mut least = i32::MAX;
        let mut n = from as usize;
        loop {
            let parent = self.nodes[n].parent;
            if parent == TERMINAL {
                return least.min(self.nodes[n].terminal.abs());
            }
            least = least.min(self.arcs[Self::flow_arc(parent, tree)].residual);
            n = self.arcs[parent as usize].head as usize;
        }
    }

    fn push(&mut self, from: u32, tree: Tree, amount: i32) {
        let mut n = from as usize;
        loop {
            let parent = self.nodes[n].parent;
            if parent == TERMINAL {
                let sign = if tree == Tree::Source { 1 } else { -1 };
                self.nodes[n].terminal -= sign * amount;
                if self.nodes[n].terminal == 0 {
                    self.orphan(n as u32);
                }
                return;
            }
            let along = Self::flow_arc(parent, tree);
            self.arcs[along].residual -= amount;
            self.arcs[along ^ 1].residual += amount;
            if self.arcs[along].residual == 0 {
                self.orphan(n as u32);
            }
            n = self.arcs[parent as usize].head as usize;
        }
    }

    fn orphan(&mut self, n: u32) {
        self.nodes[n as usize].parent = ORPHAN;
        self.orphans.push_back(n);
    }

    /// Finds the orphan a new parent that still reaches its terminal, or sets it free.
    fn adopt(&mut self, n: u32) {
        let tree = self.nodes[n as usize].tree;
        let mut best: Option<(u32, u32)> = None;
        let mut a = self.nodes[n as usize].first;
        while a != NONE {
            let arc = self.arcs[a as usize];
            if self.arcs[Self::flow_arc(a, tree)].residual > 0
                && self.nodes[arc.head as usize].tree == tree
                && let Some(distance) = self.distance_to_terminal(arc.head)
                && best.is_none_or(|(least, _)| distance < least)
            {
                best = Some((distance, a));
            }
            a = arc.next;
        }
        if let Some((distance, parent)) = best {
            let node = &mut self.nodes[n as usize];
            node.parent = parent;
            node.stamp = self.time;
            node.distance = distance + 1;
            return;
        }
        let mut a = self.nodes[n as usize].first;
        while a != NONE {
            let arc = self.arcs[a as usize];
            let other = self.nodes[arc.head as usize];
            if other.tree == tree && other.parent != NONE {
                if self.arcs[Self::flow_arc(a, tree)].residual > 0 {
                    self.activate(arc.head);
                }
                if other.parent < ORPHAN && self.arcs[other.parent as usize].head == n {
                    self.orphan(arc.head);
                }
            }
            a = arc.next;
        }
        let node = &mut self.nodes[n as usize];
        node.parent = NONE;
        node.tree = Tree::Free;
    }

    /// Length of the way from a node to its terminal; `None` where it ends at an orphan. Marks the way as checked.
    fn distance_to_terminal(&mut self, from: u32) -> Option<u32> {
        let mut steps = 0;
        let mut n = from;
        let total = loop {
            let node = self.nodes[n as usize];
            if node.stamp == self.time {
                break steps + node.distance;
            }
            match node.parent {
                TERMINAL => {
                    let node = &mut self.nodes[n as usize];
                    node.stamp = self.time;
                    node.distance = 1;
                    break steps + 1;
                }
                ORPHAN | NONE => return None,
                parent => {
                    steps += 1;
                    n = self.arcs[parent as usize].head;
                }
            }
        };
        let mut n = from;
        let mut distance = total;
        while self.nodes[n as usize].stamp != self.time {
            let node = &mut self.nodes[n as usize];
            node.stamp = self.time;
            node.distance = distance;
            distance -= 1;
            n = self.arcs[node.parent as usize].head;
        }
        Some(total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Capacity across the cheapest of all partitions.
    fn by_search(nodes: usize, terminals: &[(i32, i32)], edges: &[(usize, usize, i32)]) -> i64 {
        (0..1u32 << nodes)
            .map(|set| {
                let in_source = |n: usize| set >> n & 1 == 1;
                let cut: i64 = edges
                    .iter()
                    .filter(|(a, b, _)| in_source(*a) != in_source(*b))
                    .map(|&(_, _, c)| i64::from(c))
                    .sum();
                let ends: i64 = terminals
                    .iter()
                    .enumerate()
                    .map(|(n, &(source, sink))| i64::from(if in_source(n) { sink } else { source }))
                    .sum();
                cut + ends
            })
            .min()
            .unwrap()
    }

    #[test]
    fn the_flow_is_the_capacity_of_the_cheapest_partition() {
        let mut state = 1u32;
        let mut random = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % below
        };
        for _ in 0..300 {
            let nodes = 2 + random(9) as usize;
            let terminals: Vec<(i32, i32)> =
                (0..nodes).map(|_| (random(9) as i32, random(9) as i32)).collect();
            let edges: Vec<(usize, usize, i32)> = (0..random(25))
                .map(|_| (random(nodes as u32) as usize, random(nodes as u32) as usize, random(12) as i32))
                .filter(|(a, b, _)| a != b)
                .collect();
            let mut graph = Graph::new(nodes);
            for (n, &(source, sink)) in terminals.iter().enumerate() {
                graph.add_terminal(n, source, sink);
            }
            for &(a, b, capacity) in &edges {
                graph.add_edge(a, b, capacity);
            }
            let flow = graph.solve();
            assert_eq!(flow, by_search(nodes, &terminals, &edges));
            let cut: i64 = edges
                .iter()
                .filter(|(a, b, _)| graph.is_source(*a) != graph.is_source(*b))
                .map(|&(_, _, c)| i64::from(c))
                .sum();
            let ends: i64 = (0..nodes)
                .map(|n| i64::from(if graph.is_source(n) { terminals[n].1 } else { terminals[n].0 }))
                .sum();
            assert_eq!(cut + ends, flow, "the partition has the capacity of the flow");
        }
    }
}
