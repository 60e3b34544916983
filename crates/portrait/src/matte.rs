//! The person's matte: how much of each pixel is the person (alpha), and of what colour the person is there.
//!
//! The network gives a soft outline; within its uncertain band the colours decide, by the line in linear light from
//! the backdrop's colour to the person's ([`refine`]). The backdrop is a stored picture of the empty booth or is
//! modelled from the shot around the person. Only the main person's connected part is kept.

mod coarse;
mod component;
mod mask;
mod mix;
mod net;
mod plate;
mod refine;
pub(crate) mod region;

use crate::backdrop::Backdrop;
use crate::face::Face;
use crate::frame::Frame;
use crate::geometry::{Area, Point};
use crate::grid::Grid;
use crate::models::{InferenceError, Models};

/// The matte of one frame's person. It covers an area around the person; outside, alpha is 0.
pub struct Matte {
    frame: (u32, u32),
    area: Area,
    step: f64,
    alpha: Grid<1>,
    foreground: Grid<3>,
    source: MatteSource,
    confidence: f32,
}

/// Where the knowledge of the backdrop behind the person came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatteSource {
    /// The stored picture of the empty booth.
    Stored,
    /// What the shot shows around the person.
    Modelled,
    /// Nowhere: the backdrop is too restless or not to be seen, and the network's alpha stands.
    Network,
}

impl std::fmt::Debug for Matte {
    /// Sizes alone: the pixels are a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Matte({:?}, step {})", self.area, self.step)
    }
}

/// Face widths above this many pixels are reduced before matting: somewhat more than the 220 that a photo's face has.
/// What is finer is lost in the photo, and costs by the square.
const WIDEST_FACE_PX: f64 = 230.0;

impl Matte {
    /// Separates the person whose face is given; `backdrop` is the empty booth, learned by the same camera.
    ///
    /// A backdrop of another size than the frame's is of another camera and is not used, nor is one that does not
    /// fit what the frame shows around the person.
    ///
    /// # Errors
    /// [`InferenceError`].
    pub fn new(
        frame: &Frame,
        face: &Face,
        models: &Models,
        backdrop: Option<&Backdrop>,
    ) -> Result<Self, InferenceError> {
        let step = (face.width_px() / WIDEST_FACE_PX).max(1.0);
        let area = region::around_person(frame, face, models)?;
        let shot = region::linear(frame, area, step);
        let net = net::alpha(&shot, models, net::CELLS)?;
        let unit = (face.width_px() / step / 200.0) as f32;
        let size = (frame.width(), frame.height());
        let empty = backdrop.filter(|b| b.size() == size).map(|b| b.linear(area, step));
        let seed = Self::seed(face, area, step, &shot);
        let refined = refine::refine(shot, net, empty.as_ref(), unit);
        let alpha = component::keep_main(refined.alpha, seed);
        let (foreground, source, confidence) = (refined.foreground, refined.source, refined.confidence);
        Ok(Self { frame: size, area, step, alpha, foreground, source, confidence })
    }

    /// The network's alpha of the whole frame at about 512x384 cells, with the observed colours: the usual way,
    /// which this crate's is measured against.
    ///
    /// # Errors
    /// [`InferenceError`].
    pub fn of_network_alone(frame: &Frame, models: &Models) -> Result<Self, InferenceError> {
        let area = Area { x: 0, y: 0, width: frame.width() as usize, height: frame.height() as usize };
        let foreground = region::linear(frame, area, 1.0);
        let alpha = net::alpha(&foreground, models, net::WHOLE_FRAME_CELLS)?;
        Ok(Self::whole(frame, alpha, foreground, MatteSource::Network))
    }

    /// A matte that is known: 16 bits of alpha for each pixel of `foreground`, the person's own colours. It shows
    /// what the way behind the matte costs. Missing alpha is 0.
    pub fn known(alpha: &[u16], foreground: &Frame) -> Self {
        let area =
            Area { x: 0, y: 0, width: foreground.width() as usize, height: foreground.height() as usize };
        let mut cells = Grid::filled(area.width, area.height, [0.0]);
        cells.data.iter_mut().zip(alpha).for_each(|(cell, &a)| cell[0] = f32::from(a) / 65535.0);
        Self::whole(foreground, cells, region::linear(foreground, area, 1.0), MatteSource::Stored)
    }

    fn whole(frame: &Frame, alpha: Grid<1>, foreground: Grid<3>, source: MatteSource) -> Self {
        let area = Area { x: 0, y: 0, width: alpha.width, height: alpha.height };
        Self {
            frame: (frame.width(), frame.height()),
            area,
            step: 1.0,
            alpha,
            foreground,
            source,
            confidence: 1.0,
        }
    }

    /// The middle of the face in the matte's own grid.
    fn seed(face: &Face, area: Area, step: f64, cells: &Grid<3>) -> (usize, usize) {
        let middle = face.eye_centre().midpoint(face.chin());
        let cell = |v: f64, start: usize, count: usize| {
            (((v - start as f64) / step).max(0.0) as usize).min(count - 1)
        };
        (cell(middle.x, area.x, cells.width), cell(middle.y, area.y, cells.height))
    }

    /// Where the knowledge of the backdrop came from.
    pub fn source(&self) -> MatteSource {
        self.source
    }

    /// How sure alpha is in its soft band, 0 to 1: 1 less twice its mean standard deviation there.
    pub fn confidence(&self) -> f64 {
        f64::from(self.confidence)
    }

    /// Source pixels along one side of a cell of the matte; 1 unless the face is very large.
    pub fn step(&self) -> f64 {
        self.step
    }

    /// The alpha of the whole frame, 16 bits a pixel, row by row: 65535 is the person.
    pub fn alpha16(&self) -> Vec<u16> {
        let (width, height) = (self.frame.0 as usize, self.frame.1 as usize);
        let mut out = vec![0; width * height];
        for y in self.area.y..self.area.y + self.area.height {
            for x in self.area.x..self.area.x + self.area.width {
                let alpha = self.alpha_at(Point { x: x as f64, y: y as f64 });
                out[y * width + x] = (alpha * 65535.0 + 0.5) as u16;
            }
        }
        out
    }

    /// Frame width and height.
    pub fn frame_size(&self) -> (u32, u32) {
        self.frame
    }

    /// The covered cells: the source point of each one's centre and its alpha.
    pub(crate) fn pixels(&self) -> impl ExactSizeIterator<Item = (Point, f32)> + '_ {
        let half = (self.step - 1.0) / 2.0;
        self.alpha.data.iter().enumerate().map(move |(i, alpha)| {
            let along = |cell: usize, start: usize| start as f64 + cell as f64 * self.step + half;
            let (x, y) = (i % self.alpha.width, i / self.alpha.width);
            (Point { x: along(x, self.area.x), y: along(y, self.area.y) }, alpha[0])
        })
    }

    /// Columns and rows of the matte's grid.
    pub(crate) fn grid_size(&self) -> (usize, usize) {
        (self.alpha.width, self.alpha.height)
    }

    /// The place in the matte's grid of a source point.
    pub(crate) fn to_grid(&self, p: Point) -> Point {
        let half = (self.step - 1.0) / 2.0;
        let along = |v: f64, start: usize| (v - start as f64 - half) / self.step;
        Point { x: along(p.x, self.area.x), y: along(p.y, self.area.y) }
    }

    /// The alpha and linear foreground colour of a cell; alpha 0 outside.
    pub(crate) fn at(&self, x: i64, y: i64) -> (f32, [f32; 3]) {
        let inside = (0..self.alpha.width as i64).contains(&x) && (0..self.alpha.height as i64).contains(&y);
        if !inside {
            return (0.0, [0.0; 3]);
        }
        let i = y as usize * self.alpha.width + x as usize;
        (self.alpha.data[i][0], self.foreground.data[i])
    }

    /// Bilinear alpha at a source pixel.
    pub(crate) fn alpha_at(&self, p: Point) -> f32 {
        let g = self.to_grid(p);
        let (x, y) = (g.x.floor(), g.y.floor());
        let (fx, fy) = ((g.x - x) as f32, (g.y - y) as f32);
        let at = |dx, dy| self.alpha.at(x as i64 + dx, y as i64 + dy)[0];
        let (top, bottom) = (at(0, 0) * (1.0 - fx) + at(1, 0) * fx, at(0, 1) * (1.0 - fx) + at(1, 1) * fx);
        top * (1.0 - fy) + bottom * fy
    }
}
