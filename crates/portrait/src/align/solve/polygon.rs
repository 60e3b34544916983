//! Convex polygons in the plane of offset and eye line: cut by half-planes, and the nearest point of what is left.

/// The corners of a convex polygon in order; it may have no area, and no corner if nothing is left.
pub(super) struct Polygon(Vec<(f64, f64)>);

impl Polygon {
    /// The rectangle of two closed intervals.
    pub(super) fn rectangle((left, right): (f64, f64), (top, bottom): (f64, f64)) -> Self {
        Self(vec![(left, top), (right, top), (right, bottom), (left, bottom)])
    }

    /// The part where `x * u + y * v + at` is not positive (Sutherland and Hodgman, Reentrant polygon clipping,
    /// 1974).
    pub(super) fn cut(self, x: f64, y: f64, at: f64) -> Self {
        let height = |&(u, v): &(f64, f64)| x * u + y * v + at;
        let mut left = Vec::with_capacity(self.0.len() + 1);
        for (from, to) in self.edges() {
            let (a, b) = (height(&from), height(&to));
            if a <= 0.0 {
                left.push(from);
            }
            if (a < 0.0 && b > 0.0) || (a > 0.0 && b < 0.0) {
                left.push(along(from, to, a / (a - b)));
            }
        }
        Self(left)
    }

    /// The point nearest to `wish` where a distance is the square root of the squares' sum weighed by `weights`.
    pub(super) fn nearest(&self, wish: (f64, f64), weights: (f64, f64)) -> Option<(f64, f64)> {
        if self.holds(wish) {
            return Some(wish);
        }
        let far = |p: &(f64, f64)| weights.0 * (p.0 - wish.0).powi(2) + weights.1 * (p.1 - wish.1).powi(2);
        let feet = self.edges().map(|(from, to)| foot(from, to, wish, weights));
        feet.min_by(|p, q| far(p).total_cmp(&far(q)))
    }

    /// Whether a point lies inside or on an edge: on one side of all of them.
    fn holds(&self, (u, v): (f64, f64)) -> bool {
        let turns = self.edges().map(|(a, b)| (b.0 - a.0) * (v - a.1) - (b.1 - a.1) * (u - a.0));
        let (least, most) = turns.fold((f64::MAX, f64::MIN), |(l, m), t| (l.min(t), m.max(t)));
        // A polygon without area has both extremes at 0 for every point of its line: the foot decides then.
        least <= most && (least > 0.0 || most < 0.0)
    }

    fn edges(&self) -> impl Iterator<Item = ((f64, f64), (f64, f64))> + '_ {
        self.0.iter().copied().zip(self.0.iter().copied().cycle().skip(1))
    }
}

/// The point at `share` of the way.
fn along(from: (f64, f64), to: (f64, f64), share: f64) -> (f64, f64) {
    (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1))
}

/// The point of an edge nearest to `p` under the weights.
fn foot(from: (f64, f64), to: (f64, f64), p: (f64, f64), (w, z): (f64, f64)) -> (f64, f64) {
    let (du, dv) = (to.0 - from.0, to.1 - from.1);
    let length = w * du * du + z * dv * dv;
    let share = (w * du * (p.0 - from.0) + z * dv * (p.1 - from.1)) / length.max(f64::MIN_POSITIVE);
    along(from, to, share.clamp(0.0, 1.0))
}
