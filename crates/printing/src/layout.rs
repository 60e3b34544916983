//! Where everything on a sheet goes, in millimetres from the paper's top left corner, y downwards.
//!
//! One grid, in whichever of the two orientations holds more photos (upright when they hold the same), in the middle of what
//! the footer leaves. Mixed orientations are left out: a guillotine cuts a grid in straight lines.

use crate::{Copies, Footer, Paper, SheetError, SheetSpec};

/// An upright rectangle in millimetres from the paper's top left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rectangle {
    /// The left edge.
    pub x_mm: f64,
    /// The upper edge.
    pub y_mm: f64,
    /// The width.
    pub width_mm: f64,
    /// The height.
    pub height_mm: f64,
}

/// How a photo lies on the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// As it is.
    Upright,
    /// A quarter turn clockwise: its top is at the right.
    QuarterTurn,
}

/// One photo's place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    /// The area that the photo covers, as it lies.
    pub area: Rectangle,
    /// How it lies.
    pub rotation: Rotation,
}

/// A hairline to cut along, from one point to another, in millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CutMark {
    /// Where it begins, x and y.
    pub from_mm: (f64, f64),
    /// Where it ends, x and y.
    pub to_mm: (f64, f64),
}

/// The side of the photos that the footer runs along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FooterEdge {
    /// Below, read as usual.
    Bottom,
    /// At the right, read from top to bottom (turned clockwise).
    Right,
}

/// The footer and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedFooter {
    /// The words and their size.
    pub footer: Footer,
    /// The band that it is set in.
    pub area: Rectangle,
    /// The side.
    pub edge: FooterEdge,
}

/// A sheet with everything in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetLayout {
    /// The specification it was made from.
    pub spec: SheetSpec,
    /// The photos, row by row.
    pub placements: Vec<Placement>,
    /// The hairlines.
    pub cut_marks: Vec<CutMark>,
    /// The footer.
    pub footer: Option<PlacedFooter>,
    /// How many photos the paper could hold.
    pub capacity: u32,
}

/// The distance between the footer's letters and the photos or the margin.
const FOOTER_CLEARANCE_MM: f64 = 0.8;
/// Marks keep this distance from a photo, end after this length, and aren't worth drawing below the last.
const MARK_CLEARANCE_MM: f64 = 0.5;
const MARK_LENGTH_MM: f64 = 3.0;
const MARK_LEAST_MM: f64 = 0.5;
/// Sums of decimal fractions of a millimetre miss by less than this.
const ROUNDING_MM: f64 = 1e-9;
pub(crate) const MM_PER_PT: f64 = 25.4 / 72.0;

/// Places the photos, the cut marks and the footer of `spec`.
///
/// ```
/// use printing::{Copies, Paper, SheetSpec, layout};
/// let spec = SheetSpec {
///     paper: Paper::SIX_INCH,
///     photo: "33x48".parse()?,
///     gap_mm: 2.0,
///     margin_mm: 2.0,
///     cut_marks: true,
///     footer: None,
///     copies: Copies::Fill,
/// };
/// assert_eq!(layout(&spec)?.placements.len(), 8);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`SheetError::OutOfBounds`], [`SheetError::PhotoDoesNotFit`], [`SheetError::TooManyCopies`] and
/// [`SheetError::NoRoomForFooter`].
pub fn layout(spec: &SheetSpec) -> Result<SheetLayout, SheetError> {
    check_bounds(spec)?;
    let full = Grid::best(spec)?;
    let capacity = full.columns * full.rows;
    let count = wanted(spec.copies, capacity)?;
    let grid = full.trimmed(count);
    let inside = Rectangle::of(&spec.paper).inset(spec.margin_mm);
    let footer = spec.footer.as_ref().map(|footer| place_footer(footer, inside, &grid)).transpose()?;
    let block = grid.centred_in(without(inside, footer.as_ref()));
    let placements = grid.placements(block, count);
    let marks_area = without(Rectangle::of(&spec.paper), footer.as_ref());
    let cut_marks = if spec.cut_marks { grid.cut_marks(block, marks_area) } else { Vec::new() };
    Ok(SheetLayout { spec: spec.clone(), placements, cut_marks, footer, capacity })
}

fn check_bounds(spec: &SheetSpec) -> Result<(), SheetError> {
    bounded("gap in mm", spec.gap_mm, 0.0, 50.0)?;
    bounded("margin in mm", spec.margin_mm, 0.0, 50.0)?;
    spec.footer.as_ref().map_or(Ok(()), |footer| bounded("footer size in pt", footer.size_pt, 4.0, 24.0))
}

fn bounded(what: &'static str, value: f64, least: f64, most: f64) -> Result<(), SheetError> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(SheetError::OutOfBounds { what, value, least, most })
    }
}

fn wanted(copies: Copies, capacity: u32) -> Result<u32, SheetError> {
    match copies {
        Copies::Fill => Ok(capacity),
        Copies::Exactly(asked) if asked.get() <= capacity => Ok(asked.get()),
        Copies::Exactly(asked) => Err(SheetError::TooManyCopies { asked: asked.get(), capacity }),
    }
}

fn place_footer(footer: &Footer, inside: Rectangle, grid: &Grid) -> Result<PlacedFooter, SheetError> {
    let needed_mm = footer.size_pt * MM_PER_PT + 2.0 * FOOTER_CLEARANCE_MM;
    let (below, beside) = (inside.height_mm - grid.height_mm(), inside.width_mm - grid.width_mm());
    let (area, edge) = if below >= needed_mm {
        let y_mm = inside.bottom_mm() - needed_mm;
        (Rectangle { y_mm, height_mm: needed_mm, ..inside }, FooterEdge::Bottom)
    } else if beside >= needed_mm {
        let x_mm = inside.right_mm() - needed_mm;
        (Rectangle { x_mm, width_mm: needed_mm, ..inside }, FooterEdge::Right)
    } else {
        return Err(SheetError::NoRoomForFooter { needed_mm, free_mm: below.max(beside) });
    };
    Ok(PlacedFooter { footer: footer.clone(), area, edge })
}

fn without(area: Rectangle, footer: Option<&PlacedFooter>) -> Rectangle {
    match footer {
        Some(PlacedFooter { area: band, edge: FooterEdge::Bottom, .. }) => {
            Rectangle { height_mm: band.y_mm - area.y_mm, ..area }
        }
        Some(PlacedFooter { area: band, edge: FooterEdge::Right, .. }) => {
            Rectangle { width_mm: band.x_mm - area.x_mm, ..area }
        }
        None => area,
    }
}

impl Rectangle {
    fn of(paper: &Paper) -> Self {
        Self { x_mm: 0.0, y_mm: 0.0, width_mm: paper.width_mm(), height_mm: paper.height_mm() }
    }

    fn inset(self, by_mm: f64) -> Self {
        Self {
            x_mm: self.x_mm + by_mm,
            y_mm: self.y_mm + by_mm,
            width_mm: self.width_mm - 2.0 * by_mm,
            height_mm: self.height_mm - 2.0 * by_mm,
        }
    }

    /// The right edge.
    #[must_use]
    pub fn right_mm(&self) -> f64 {
        self.x_mm + self.width_mm
    }

    /// The lower edge.
    #[must_use]
    pub fn bottom_mm(&self) -> f64 {
        self.y_mm + self.height_mm
    }

    /// Whether more than a rounding error of `other` lies on this.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let apart = |a_end: f64, b_start: f64| a_end <= b_start + 1e-6;
        !(apart(self.right_mm(), other.x_mm)
            || apart(other.right_mm(), self.x_mm)
            || apart(self.bottom_mm(), other.y_mm)
            || apart(other.bottom_mm(), self.y_mm))
    }
}

/// Columns and rows of cells, all alike.
#[derive(Clone, Copy)]
struct Grid {
    columns: u32,
    rows: u32,
    cell_width_mm: f64,
    cell_height_mm: f64,
    gap_mm: f64,
    rotation: Rotation,
}

impl Grid {
    /// The grid of the orientation that holds more.
    fn best(spec: &SheetSpec) -> Result<Self, SheetError> {
        let upright = Self::filling(spec, Rotation::Upright);
        let turned = Self::filling(spec, Rotation::QuarterTurn);
        let best =
            if turned.columns * turned.rows > upright.columns * upright.rows { turned } else { upright };
        if best.columns * best.rows > 0 {
            return Ok(best);
        }
        let SheetSpec { photo, paper, margin_mm, .. } = *spec;
        Err(SheetError::PhotoDoesNotFit { photo, paper, margin_mm })
    }

    fn filling(spec: &SheetSpec, rotation: Rotation) -> Self {
        let (width, height) = (spec.photo.width_mm(), spec.photo.height_mm());
        let (cell_width_mm, cell_height_mm) = match rotation {
            Rotation::Upright => (width, height),
            Rotation::QuarterTurn => (height, width),
        };
        let inside = Rectangle::of(&spec.paper).inset(spec.margin_mm);
        let columns = fitting(inside.width_mm, cell_width_mm, spec.gap_mm);
        let rows = fitting(inside.height_mm, cell_height_mm, spec.gap_mm);
        Self { columns, rows, cell_width_mm, cell_height_mm, gap_mm: spec.gap_mm, rotation }
    }

    fn trimmed(self, count: u32) -> Self {
        let columns = self.columns.min(count);
        Self { columns, rows: count.div_ceil(columns), ..self }
    }

    fn width_mm(&self) -> f64 {
        f64::from(self.columns) * (self.cell_width_mm + self.gap_mm) - self.gap_mm
    }

    fn height_mm(&self) -> f64 {
        f64::from(self.rows) * (self.cell_height_mm + self.gap_mm) - self.gap_mm
    }

    fn centred_in(&self, area: Rectangle) -> Rectangle {
        let (width_mm, height_mm) = (self.width_mm(), self.height_mm());
        let x_mm = area.x_mm + (area.width_mm - width_mm) / 2.0;
        let y_mm = area.y_mm + (area.height_mm - height_mm) / 2.0;
        Rectangle { x_mm, y_mm, width_mm, height_mm }
    }

    fn cell(&self, block: Rectangle, index: u32) -> Rectangle {
        let (column, row) = (f64::from(index % self.columns), f64::from(index / self.columns));
        Rectangle {
            x_mm: block.x_mm + column * (self.cell_width_mm + self.gap_mm),
            y_mm: block.y_mm + row * (self.cell_height_mm + self.gap_mm),
            width_mm: self.cell_width_mm,
            height_mm: self.cell_height_mm,
        }
    }

    fn placements(&self, block: Rectangle, count: u32) -> Vec<Placement> {
        (0..count).map(|index| Placement { area: self.cell(block, index), rotation: self.rotation }).collect()
    }

    /// Short lines outside the block, in line with each edge of each column and row, where `area` has room.
    fn cut_marks(&self, block: Rectangle, area: Rectangle) -> Vec<CutMark> {
        let columns = (0..self.columns).map(|i| self.cell(block, i));
        let rows = (0..self.rows).map(|i| self.cell(block, i * self.columns));
        let xs = edges(columns.map(|cell| (cell.x_mm, cell.right_mm())));
        let ys = edges(rows.map(|cell| (cell.y_mm, cell.bottom_mm())));
        let above_below = outside(block.y_mm, block.bottom_mm(), area.y_mm, area.bottom_mm());
        let beside = outside(block.x_mm, block.right_mm(), area.x_mm, area.right_mm());
        let mut marks = Vec::new();
        for (from, to) in above_below {
            marks.extend(xs.iter().map(|&x| CutMark { from_mm: (x, from), to_mm: (x, to) }));
        }
        for (from, to) in beside {
            marks.extend(ys.iter().map(|&y| CutMark { from_mm: (from, y), to_mm: (to, y) }));
        }
        marks
    }
}

/// How many cells fit a length: `floor((length + gap) / (cell + gap))`.
fn fitting(length_mm: f64, cell_mm: f64, gap_mm: f64) -> u32 {
    let count = ((length_mm + gap_mm) / (cell_mm + gap_mm) + ROUNDING_MM).floor();
    // Bounded by the paper's 500 mm and the photo's 10 mm; negative lengths count as none.
    count.clamp(0.0, 50.0) as u32
}

/// All edges in order, neighbours that coincide once.
fn edges(cells: impl Iterator<Item = (f64, f64)>) -> Vec<f64> {
    let mut edges: Vec<f64> = cells.flat_map(|(start, end)| [start, end]).collect();
    edges.dedup_by(|a, b| (*a - *b).abs() < 1e-6);
    edges
}

/// The stretches for marks before and after a block within an area, along one axis.
fn outside(start: f64, end: f64, area_start: f64, area_end: f64) -> Vec<(f64, f64)> {
    let length = |room: f64| (room - MARK_CLEARANCE_MM).min(MARK_LENGTH_MM);
    let (before, after) = (length(start - area_start), length(area_end - end));
    let mut stretches = Vec::new();
    if before >= MARK_LEAST_MM {
        // Not beyond the area's edge by what the sums round.
        stretches.push(((start - MARK_CLEARANCE_MM - before).max(area_start), start - MARK_CLEARANCE_MM));
    }
    if after >= MARK_LEAST_MM {
        stretches.push((end + MARK_CLEARANCE_MM, (end + MARK_CLEARANCE_MM + after).min(area_end)));
    }
    stretches
}
