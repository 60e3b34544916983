//! Values of 0 to 1 in rows, and their places in a photo.

use portrait::Similarity;

/// `width * height` values, row by row.
pub struct Plane {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The values.
    pub data: Vec<f32>,
}

impl Plane {
    /// A plane of 16-bit values, 65535 being 1.
    pub fn of_alpha16(alpha: &[u16], (width, height): (u32, u32)) -> Self {
        let data = alpha.iter().map(|&v| f32::from(v) / 65535.0).collect();
        Self { width: width as usize, height: height as usize, data }
    }

    /// The value at a column and row, the nearest inside for a place outside.
    pub fn at(&self, x: i64, y: i64) -> f32 {
        let x = x.clamp(0, self.width as i64 - 1) as usize;
        let y = y.clamp(0, self.height as i64 - 1) as usize;
        self.data[y * self.width + x]
    }

    /// The plane as it lies in a photo of this size: bilinear values, whole coordinates being pixels' centres.
    pub fn carried(&self, to_photo: &Similarity, (width, height): (u32, u32)) -> Self {
        let back = to_photo.inverse();
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (f64::from(x), f64::from(y))));
        let data = places.map(|(x, y)| self.bilinear(back.apply(portrait::Point { x, y }))).collect();
        Self { width: width as usize, height: height as usize, data }
    }

    fn bilinear(&self, p: portrait::Point) -> f32 {
        let (x, y) = (p.x.floor(), p.y.floor());
        let (fx, fy) = ((p.x - x) as f32, (p.y - y) as f32);
        let at = |dx: i64, dy: i64| self.at(x as i64 + dx, y as i64 + dy);
        let (top, bottom) = (at(0, 0) * (1.0 - fx) + at(1, 0) * fx, at(0, 1) * (1.0 - fx) + at(1, 1) * fx);
        top * (1.0 - fy) + bottom * fy
    }
}

/// The similarity whose matrix a photo reports.
pub fn similarity([[a, _, c], [b, _, d]]: [[f64; 3]; 2]) -> Similarity {
    Similarity { a, b, c, d }
}
