//! Where the steps of a drawing lie that does not say so: in columns by their distance from the start.

use std::collections::HashMap;

use super::{Kind, Node, Process};

/// Left, top, width and height by the id of a step.
type Places<'p> = HashMap<&'p str, [i32; 4]>;

/// The column of each step that a token can come to.
fn columns(process: &Process) -> HashMap<&str, i32> {
    let mut columns: HashMap<&str, i32> = HashMap::new();
    let starts = process.nodes.iter().filter(|node| matches!(node.kind, Kind::Start { .. }));
    let mut ahead: Vec<&str> = starts.map(|node| node.id.as_str()).collect();
    let mut column = 0;
    while !ahead.is_empty() {
        for id in &ahead {
            columns.entry(id).or_insert(column);
        }
        let next = ahead.iter().flat_map(|id| {
            let hanging = process.boundaries(id).map(|(node, _)| node.id.as_str());
            process.ways_out(id).map(|flow| flow.to.as_str()).chain(hanging)
        });
        ahead = next.filter(|id| !columns.contains_key(id)).collect();
        ahead.sort_unstable();
        ahead.dedup();
        column += 1;
    }
    columns
}

/// Width and height of a step.
fn size(node: &Node) -> (i32, i32) {
    match node.kind {
        Kind::Start { .. } | Kind::End { .. } | Kind::Timer { .. } | Kind::Boundary { .. } => (30, 30),
        Kind::Exclusive | Kind::Inclusive | Kind::Parallel => (40, 40),
        _ => (110, 70),
    }
}

impl Process {
    /// Where the steps lie: as the model says if it says so of all, else by their distance from the start.
    pub(in crate::workflow) fn places(&self) -> Places<'_> {
        let given: Places<'_> = self.nodes.iter().filter_map(|node| Some((node.id.as_str(), node.bounds?))).collect();
        if given.len() == self.nodes.len() {
            return given;
        }
        let columns = columns(self);
        let last = columns.values().max().copied().unwrap_or(0);
        let mut rows: HashMap<i32, i32> = HashMap::new();
        let place = |node: &Node| {
            let column = columns.get(node.id.as_str()).copied().unwrap_or(last + 1);
            let row = rows.entry(column).or_insert(0);
            *row += 1;
            let (width, height) = size(node);
            [40 + column * 150 + (110 - width) / 2, (*row - 1) * 110 + 40 + (70 - height) / 2, width, height]
        };
        let places: Vec<_> = self.nodes.iter().map(place).collect();
        self.nodes.iter().map(|node| node.id.as_str()).zip(places).collect()
    }

    /// Writes the places into the model.
    pub(in crate::workflow) fn lay_out(&mut self) {
        let places: Vec<_> = self.places().into_iter().map(|(id, place)| (id.to_owned(), place)).collect();
        for (id, place) in places {
            for node in self.nodes.iter_mut().filter(|node| node.id == id) {
                node.bounds = Some(place);
            }
        }
    }
}
