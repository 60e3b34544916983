//! Which parts of a photo's contour to look at: in each region the square that is hardest.

use super::plane::Plane;

/// Side of a square, photo pixels; at 400 % five of them fit beside each other on a screen.
pub const SIDE: usize = 64;

/// Squares are tried in steps of this many pixels.
const STEP: usize = 4;

/// A square of the photo.
pub struct Square {
    /// What it shows.
    pub region: &'static str,
    /// Leftmost column.
    pub x: usize,
    /// Topmost row.
    pub y: usize,
}

/// Where the head lies in the photo, pixels.
pub struct Head {
    /// Row of the topmost hair.
    pub hair_top: f64,
    /// Row of the eyes.
    pub eye_line: f64,
    /// Cheek to cheek.
    pub face_width: f64,
}

/// The hardest square of each region. Hard is where alpha is off the truth, or, without a truth, where it is soft.
pub fn squares(alpha: &Plane, truth: Option<&Plane>, head: &Head) -> Vec<Square> {
    let hardness = |i: usize| match truth {
        Some(truth) => f64::from((alpha.data[i] - truth.data[i]).abs()),
        None => f64::from(alpha.data[i] * (1.0 - alpha.data[i])),
    };
    let sums = Sums::of(alpha.width, alpha.height, hardness);
    let middle = alpha.width / 2;
    let brow = (head.hair_top.midpoint(head.eye_line).max(0.0) as usize).min(alpha.height);
    // A chin lies about 0.9 face widths below the eyes.
    let chin = ((head.eye_line + 0.9 * head.face_width).max(0.0) as usize).min(alpha.height);
    let regions = [
        ("top of the hair", (0, alpha.width), (0, brow)),
        ("left side", (0, middle), (brow, chin)),
        ("right side", (middle, alpha.width), (brow, chin)),
        ("left shoulder", (0, middle), (chin, alpha.height)),
        ("right shoulder", (middle, alpha.width), (chin, alpha.height)),
    ];
    regions.into_iter().filter_map(|(region, columns, rows)| sums.hardest(region, columns, rows)).collect()
}

/// Sums over all rectangles from the top left corner.
struct Sums {
    width: usize,
    height: usize,
    data: Vec<f64>,
}

impl Sums {
    fn of(width: usize, height: usize, value: impl Fn(usize) -> f64) -> Self {
        let mut data = vec![0.0; (width + 1) * (height + 1)];
        for y in 0..height {
            let mut row = 0.0;
            for x in 0..width {
                row += value(y * width + x);
                data[(y + 1) * (width + 1) + x + 1] = data[y * (width + 1) + x + 1] + row;
            }
        }
        Self { width, height, data }
    }

    /// The sum over the square at a column and row, which lies inside.
    fn square(&self, x: usize, y: usize) -> f64 {
        let at = |x: usize, y: usize| self.data[y * (self.width + 1) + x];
        at(x + SIDE, y + SIDE) + at(x, y) - at(x + SIDE, y) - at(x, y + SIDE)
    }

    /// The square with the largest sum among those whose centre lies in the region.
    fn hardest(&self, region: &'static str, columns: (usize, usize), rows: (usize, usize)) -> Option<Square> {
        let starts = |(from, to): (usize, usize), extent: usize| {
            let last = extent.checked_sub(SIDE)?.min(to.saturating_sub(SIDE / 2));
            Some((from.saturating_sub(SIDE / 2)..=last).step_by(STEP))
        };
        let (across, down) = (starts(columns, self.width)?, starts(rows, self.height)?);
        let places = down.flat_map(|y| across.clone().map(move |x| (x, y)));
        let (x, y) = places.max_by(|a, b| self.square(a.0, a.1).total_cmp(&self.square(b.0, b.1)))?;
        Some(Square { region, x, y })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hardest_square_of_each_region_is_found() {
        let (width, height) = (480, 640);
        let spots = [(240, 90), (120, 260), (350, 300), (80, 560), (420, 600)];
        let hard = |x: usize, y: usize| spots.iter().any(|&(u, v)| x.abs_diff(u) < 5 && y.abs_diff(v) < 5);
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let data = places.map(|(x, y)| if hard(x, y) { 0.5 } else { 1.0 }).collect();
        let alpha = Plane { width, height, data };
        let head = Head { hair_top: 80.0, eye_line: 250.0, face_width: 200.0 };
        let found = squares(&alpha, None, &head);
        let names: Vec<_> = found.iter().map(|square| square.region).collect();
        assert_eq!(names, ["top of the hair", "left side", "right side", "left shoulder", "right shoulder"]);
        for (square, (u, v)) in found.iter().zip(spots) {
            let inside = (square.x..square.x + SIDE).contains(&u) && (square.y..square.y + SIDE).contains(&v);
            assert!(inside, "{} at {}, {} holds {u}, {v}", square.region, square.x, square.y);
        }
    }

    #[test]
    fn a_photo_smaller_than_a_square_has_none() {
        let alpha = Plane { width: 40, height: 40, data: vec![0.5; 1600] };
        let head = Head { hair_top: 5.0, eye_line: 15.0, face_width: 20.0 };
        assert!(squares(&alpha, None, &head).is_empty());
    }
}
