//! What is known of a rendered person, in the frame and, warped, in the photo.

use std::path::Path;

use portrait::{Frame, Rgb, Specification, delta_e_2000, lab_of_linear};

/// Grey values of 0 to 1, row by row.
pub struct Plane {
    pub width: usize,
    pub height: usize,
    pub data: Vec<f32>,
}

impl Plane {
    fn at(&self, x: i64, y: i64) -> f32 {
        let x = x.clamp(0, self.width as i64 - 1) as usize;
        self.data[y.clamp(0, self.height as i64 - 1) as usize * self.width + x]
    }

    fn bilinear(&self, x: f64, y: f64) -> f32 {
        let (x0, y0) = (x.floor(), y.floor());
        let (fx, fy) = ((x - x0) as f32, (y - y0) as f32);
        let (x, y) = (x0 as i64, y0 as i64);
        let top = self.at(x, y) * (1.0 - fx) + self.at(x + 1, y) * fx;
        let bottom = self.at(x, y + 1) * (1.0 - fx) + self.at(x + 1, y + 1) * fx;
        top * (1.0 - fy) + bottom * fy
    }

    /// 0.02 < value < 0.98, grown by two pixels.
    fn band(&self) -> Vec<bool> {
        let soft: Vec<bool> = self.data.iter().map(|&a| a > 0.02 && a < 0.98).collect();
        grown(&soft, self.width, 2)
    }

    /// Length of the gradient under a Gaussian of sigma 1.4.
    fn gradient(&self) -> Vec<f32> {
        let tap = |d: i64| (-(d * d) as f32 / (2.0 * 1.4 * 1.4)).exp();
        let total: f32 = (-5..=5).map(tap).sum();
        let smooth = |d: i64| tap(d) / total;
        let slope = |d: i64| d as f32 / (1.4 * 1.4) * tap(d) / total;
        let across = self.convolved(&slope, (1, 0)).convolved(&smooth, (0, 1));
        let down = self.convolved(&slope, (0, 1)).convolved(&smooth, (1, 0));
        across.data.iter().zip(&down.data).map(|(x, y)| x.hypot(*y)).collect()
    }

    fn convolved(&self, kernel: &dyn Fn(i64) -> f32, (dx, dy): (i64, i64)) -> Plane {
        let taps: Vec<f32> = (-5..=5).map(kernel).collect();
        let value = |i: usize| {
            let (x, y) = ((i % self.width) as i64, (i / self.width) as i64);
            taps.iter().zip(-5..=5).map(|(t, d)| t * self.at(x + d * dx, y + d * dy)).sum()
        };
        let data = (0..self.data.len()).map(value).collect();
        Plane { width: self.width, height: self.height, data }
    }
}

/// Also set within `radius` (rows plus columns) of what is set.
fn grown(set: &[bool], width: usize, radius: i64) -> Vec<bool> {
    let height = set.len() / width;
    let mut out = vec![false; set.len()];
    for (i, _) in set.iter().enumerate().filter(|(_, set)| **set) {
        let (x, y) = ((i % width) as i64, (i / width) as i64);
        for dy in -radius..=radius {
            for dx in -(radius - dy.abs())..=radius - dy.abs() {
                let (x, y) = (x + dx, y + dy);
                if (0..width as i64).contains(&x) && (0..height as i64).contains(&y) {
                    out[y as usize * width + x as usize] = true;
                }
            }
        }
    }
    out
}

/// The truth of one frame.
pub struct Truth {
    pub alpha16: Vec<u16>,
    pub foreground: Frame,
    alpha: Plane,
    band: Vec<bool>,
    gradient: Vec<f32>,
}

/// Errors of alpha over the frame: mean, mean in the band, and the sum of squared gradient differences, all x 1000
/// but the last, which is / 1000.
#[derive(Clone, Copy, Default)]
pub struct AlphaErrors {
    pub mean: f64,
    pub band: f64,
    pub gradient: f64,
}

impl Truth {
    pub fn read(folder: &Path, name: &str) -> Self {
        let alpha = image::open(folder.join(format!("{name}_alpha.png"))).unwrap().into_luma16();
        let plane = Plane {
            width: alpha.width() as usize,
            height: alpha.height() as usize,
            data: alpha.as_raw().iter().map(|&v| f32::from(v) / 65535.0).collect(),
        };
        let foreground = std::fs::read(folder.join(format!("{name}_foreground.jpg"))).unwrap();
        Self {
            alpha16: alpha.into_raw(),
            foreground: Frame::decode(&foreground).unwrap(),
            band: plane.band(),
            gradient: plane.gradient(),
            alpha: plane,
        }
    }

    pub fn alpha_errors(&self, alpha: &[u16]) -> AlphaErrors {
        let (width, height) = (self.alpha.width, self.alpha.height);
        let ours = Plane { width, height, data: alpha.iter().map(|&a| f32::from(a) / 65535.0).collect() };
        let errors: Vec<f64> =
            ours.data.iter().zip(&self.alpha.data).map(|(a, t)| f64::from((a - t).abs())).collect();
        let band: Vec<f64> = errors.iter().zip(&self.band).filter(|(_, b)| **b).map(|(e, _)| *e).collect();
        let slopes = ours.gradient();
        let gradient =
            slopes.iter().zip(&self.gradient).map(|(a, t)| f64::from((a - t).powi(2))).sum::<f64>();
        AlphaErrors { mean: 1e3 * mean(&errors), band: 1e3 * mean(&band), gradient: gradient / 1e3 }
    }

    /// The truth where the transform puts it.
    pub fn warped(&self, transform: [[f64; 3]; 2], (width, height): (usize, usize)) -> Warped {
        let [[a, minus_b, c], [b, _, d]] = transform;
        let n = a * a + b * b;
        let places: Vec<(f64, f64)> = (0..width * height)
            .map(|i| ((i % width) as f64 - c, (i / width) as f64 - d))
            .map(|(x, y)| ((a * x + b * y) / n, (minus_b * x + a * y) / n))
            .collect();
        let planes: Vec<Plane> = (0..3)
            .map(|k| Plane {
                width: self.alpha.width,
                height: self.alpha.height,
                data: self
                    .foreground
                    .rgb()
                    .iter()
                    .skip(k)
                    .step_by(3)
                    .map(|&v| Rgb([v; 3]).linear()[0])
                    .collect(),
            })
            .collect();
        let alpha =
            Plane { width, height, data: places.iter().map(|&(x, y)| self.alpha.bilinear(x, y)).collect() };
        let person = places.iter().map(|&(x, y)| std::array::from_fn(|k| planes[k].bilinear(x, y))).collect();
        Warped { band: alpha.band(), alpha, person }
    }
}

/// The truth in the photo's pixels.
pub struct Warped {
    alpha: Plane,
    person: Vec<[f32; 3]>,
    band: Vec<bool>,
}

impl Warped {
    /// Mean CIELAB difference of a delivered photo from the truth composed in linear light, over the edge band; one
    /// gain a channel is fitted on the interior.
    pub fn edge_colour(&self, jpeg: &[u8], spec: &Specification) -> f64 {
        let photo = Frame::decode(jpeg).unwrap();
        let background = spec.background.colour.linear();
        let delivered: Vec<[f32; 3]> =
            photo.rgb().chunks_exact(3).map(|p| Rgb([p[0], p[1], p[2]]).linear()).collect();
        let gain = self.gain(&delivered);
        let errors: Vec<f64> = (0..delivered.len())
            .filter(|&i| self.band[i])
            .map(|i| {
                let t = self.alpha.data[i];
                let ideal: [f64; 3] = std::array::from_fn(|k| {
                    f64::from((t * self.person[i][k] * gain[k] + (1.0 - t) * background[k]).min(1.0))
                });
                let (p, q) = (lab_of_linear(ideal).0, lab_of_linear(delivered[i].map(f64::from)).0);
                (0..3).map(|k| (p[k] - q[k]).powi(2)).sum::<f64>().sqrt()
            })
            .collect();
        mean(&errors)
    }

    fn gain(&self, delivered: &[[f32; 3]]) -> [f32; 3] {
        std::array::from_fn(|k| {
            let (mut up, mut down) = (0.0_f64, 0.0_f64);
            for i in (0..delivered.len()).filter(|&i| self.alpha.data[i] > 0.995) {
                up += f64::from(delivered[i][k] * self.person[i][k]);
                down += f64::from(self.person[i][k] * self.person[i][k]);
            }
            (up / down) as f32
        })
    }

    /// Mean and 99.9th percentile of the CIEDE2000 from the background, 12 pixels and more from the person.
    pub fn background(&self, jpeg: &[u8], spec: &Specification) -> (f64, f64) {
        let photo = Frame::decode(jpeg).unwrap();
        let person: Vec<bool> = self.alpha.data.iter().map(|&a| a > 0.004).collect();
        // Rows plus columns: 17 cover a distance of 12 in every direction.
        let near = grown(&person, self.alpha.width, 17);
        let wanted = spec.background.colour.lab();
        let mut differences: Vec<f64> = photo
            .rgb()
            .chunks_exact(3)
            .zip(near)
            .filter(|(_, near)| !near)
            .map(|(p, _)| delta_e_2000(Rgb([p[0], p[1], p[2]]).lab(), wanted))
            .collect();
        differences.sort_by(f64::total_cmp);
        let high = differences.get(differences.len() * 999 / 1000).copied().unwrap_or_default();
        (mean(&differences), high)
    }
}

pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}
