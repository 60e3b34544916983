//! Points, rectangles and similarities.
//!
//! Convention everywhere in this crate: coordinates are in pixels, x to the right and y down, and an integer
//! coordinate is a pixel's **centre**: the top left pixel's centre is (0, 0), the picture's left edge is -0.5.

/// A point in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Column.
    pub x: f64,
    /// Row.
    pub y: f64,
}

impl Point {
    /// The point in the middle of two.
    pub fn midpoint(self, other: Self) -> Self {
        Self { x: (self.x + other.x) / 2.0, y: (self.y + other.y) / 2.0 }
    }

    /// The distance of two points.
    pub fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

/// A rectangle of whole pixels inside a frame: columns `x..x + width`, rows `y..y + height`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Leftmost column.
    pub x: usize,
    /// Topmost row.
    pub y: usize,
    /// Number of columns.
    pub width: usize,
    /// Number of rows.
    pub height: usize,
}

/// A similarity from source to photo pixels: `photo = [a -b c; b a d] * [x y 1]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Similarity {
    /// Scale times the cosine of the rotation.
    pub a: f64,
    /// Scale times the sine of the rotation.
    pub b: f64,
    /// Horizontal offset.
    pub c: f64,
    /// Vertical offset.
    pub d: f64,
}

impl Similarity {
    /// The similarity that scales by `scale` and turns by `radians` (clockwise on screen) so that `from` falls on
    /// `to`.
    pub fn about(from: Point, to: Point, scale: f64, radians: f64) -> Self {
        let (a, b) = (scale * radians.cos(), scale * radians.sin());
        Self { a, b, c: to.x - (a * from.x - b * from.y), d: to.y - (b * from.x + a * from.y) }
    }

    /// The image of a point.
    pub fn apply(&self, p: Point) -> Point {
        Point { x: self.a * p.x - self.b * p.y + self.c, y: self.b * p.x + self.a * p.y + self.d }
    }

    /// Photo pixels a source pixel.
    pub fn scale(&self) -> f64 {
        self.a.hypot(self.b)
    }

    /// The similarity back.
    pub fn inverse(&self) -> Self {
        let n = self.a * self.a + self.b * self.b;
        let (a, b) = (self.a / n, -self.b / n);
        Self { a, b, c: -(a * self.c - b * self.d), d: -(b * self.c + a * self.d) }
    }

    /// The 2x3 matrix, row by row.
    pub fn matrix(&self) -> [[f64; 3]; 2] {
        [[self.a, -self.b, self.c], [self.b, self.a, self.d]]
    }
}

/// Where a row crosses a closed outline, outermost.
pub(crate) fn crossing(outline: &[Point], y: f64) -> Option<(f64, f64)> {
    let next = outline.iter().cycle().skip(1);
    let crossings = outline.iter().zip(next).filter(|(a, b)| (a.y <= y) != (b.y <= y));
    crossings.map(|(a, b)| a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x)).fold(None, |span, x| match span {
        None => Some((x, x)),
        Some((low, high)) => Some((x.min(low), x.max(high))),
    })
}

/// The greatest whole number not above `v`. `f64::floor` is a call where the processor is only known to be an x86-64.
pub(crate) fn floor(v: f64) -> i64 {
    let towards_zero = v as i64;
    towards_zero - i64::from(v < towards_zero as f64)
}
