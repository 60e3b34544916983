//! Four corners around a line of text, in the order that the line is read in.

/// Top left, top right, bottom right, bottom left, in pixels of the picture; the top is the upper edge of upright text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quad([(f32, f32); 4]);

impl Quad {
    /// Four corners in that order. One that is taller than one and a half times its width holds text that runs down the picture; it is
    /// turned so that the text runs along its top edge.
    pub(super) fn new(corners: [(f32, f32); 4]) -> Self {
        let quad = Self(corners);
        if quad.height() > 1.5 * quad.width() { quad.quarter_turn() } else { quad }
    }

    pub(super) fn corners(&self) -> [(f32, f32); 4] {
        self.0
    }

    /// The longer of top and bottom edge.
    pub(super) fn width(&self) -> f32 {
        let [a, b, c, d] = self.0;
        distance(a, b).max(distance(d, c))
    }

    /// The longer of the two sides.
    pub(super) fn height(&self) -> f32 {
        let [a, b, c, d] = self.0;
        distance(a, d).max(distance(b, c))
    }

    pub(super) fn area(&self) -> f32 {
        self.width() * self.height()
    }

    pub(super) fn centre(&self) -> (f32, f32) {
        self.at(0.5, 0.5)
    }

    /// The middle of the left edge.
    pub(super) fn start(&self) -> (f32, f32) {
        self.at(0.0, 0.5)
    }

    /// The place that is `across` of the way from left to right and `down` of the way from top to bottom.
    pub(super) fn at(&self, across: f32, down: f32) -> (f32, f32) {
        let [a, b, c, d] = self.0;
        mix(mix(a, b, across), mix(d, c, across), down)
    }

    /// The direction in which the text runs, length 1.
    pub(super) fn along(&self) -> (f32, f32) {
        let (from, to) = (self.at(0.0, 0.5), self.at(1.0, 0.5));
        let length = distance(from, to).max(f32::EPSILON);
        ((to.0 - from.0) / length, (to.1 - from.1) / length)
    }

    /// The same line read from its other end, upside down.
    pub(super) fn upside_down(&self) -> Self {
        let [a, b, c, d] = self.0;
        Self([c, d, a, b])
    }

    pub(super) fn scaled(&self, (x, y): (f32, f32)) -> Self {
        Self(self.0.map(|corner| (corner.0 * x, corner.1 * y)))
    }

    /// Each edge moved outwards by this much.
    pub(super) fn grown(&self, by: f32) -> Self {
        let (across, down) = (by / self.width().max(1.0), by / self.height().max(1.0));
        let corner = |x: f32, y: f32| self.at(x, y);
        Self([
            corner(-across, -down),
            corner(1.0 + across, -down),
            corner(1.0 + across, 1.0 + down),
            corner(-across, 1.0 + down),
        ])
    }

    fn quarter_turn(self) -> Self {
        let [a, b, c, d] = self.0;
        Self([b, c, d, a])
    }
}

fn distance(a: (f32, f32), b: (f32, f32)) -> f32 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

fn mix(a: (f32, f32), b: (f32, f32), share: f32) -> (f32, f32) {
    (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share)
}
