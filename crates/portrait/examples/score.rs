//! Scores the way from frame to photo against rendered people with exact labels.
//!
//! `score FOLDER [--filter TEXT] [--plate] [--out DIR] [--spec FILE]` takes every `NAME.jpg` that has a `NAME.json`,
//! `NAME_alpha.png` and `NAME_foreground.jpg` beside it and prints one line each: the mean absolute error of alpha
//! over the frame and over the edge band (both x 1000), the CIELAB error of the delivered photo in that band, and
//! the differences of the labelled geometry in source pixels. `--plate` hands in `NAME_backdrop.jpg`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a technician's scoring tool")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use portrait::{Face, Frame, Models, Options, Rgb, Specification, Verified, take};

/// Grey values of 0 to 1, row by row.
struct Plane {
    width: usize,
    height: usize,
    data: Vec<f32>,
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
        let mut band = vec![false; soft.len()];
        for y in 0..self.height as i64 {
            for x in 0..self.width as i64 {
                let near = (-2..=2).flat_map(|dy: i64| (-2..=2).map(move |dx: i64| (dx, dy)));
                band[y as usize * self.width + x as usize] =
                    near.filter(|(dx, dy)| dx.abs() + dy.abs() <= 2).any(|(dx, dy)| {
                        let (x, y) = (x + dx, y + dy);
                        (0..self.width as i64).contains(&x)
                            && (0..self.height as i64).contains(&y)
                            && soft[y as usize * self.width + x as usize]
                    });
            }
        }
        band
    }
}

struct Score {
    mad: f64,
    band: f64,
    edge: f64,
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1)).cloned();
    let folder = PathBuf::from(args.get(1).expect("a folder"));
    let spec = option("--spec").unwrap_or("assets/specs/degree.toml".into());
    let spec = Specification::load(Path::new(&spec)).unwrap();
    let models = Models::load(&Models::default_directory()).unwrap();
    let filter = option("--filter").unwrap_or_default();
    let out = option("--out").map(PathBuf::from);
    let plate = args.iter().any(|a| a == "--plate");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter_map(|n| n.strip_suffix(".json").map(str::to_owned))
        .filter(|n| n.contains(&filter))
        .collect();
    names.sort();
    println!("{:30} {:>6} {:>6} {:>6} | geometry (source px; photo)", "name", "MAD", "band", "edge");
    let mut sums = (0.0, 0.0, 0.0, 0);
    for name in names {
        if let Some(s) = one(&folder, &name, &spec, &models, plate, out.as_deref()) {
            sums = (sums.0 + s.mad, sums.1 + s.band, sums.2 + s.edge, sums.3 + 1);
        }
    }
    let n = f64::from(sums.3.max(1));
    println!("{:30} {:6.2} {:6.1} {:6.2} of {}", "mean", sums.0 / n, sums.1 / n, sums.2 / n, sums.3);
}

fn one(
    folder: &Path,
    name: &str,
    spec: &Specification,
    models: &Models,
    plate: bool,
    out: Option<&Path>,
) -> Option<Score> {
    let frame = read(&folder.join(format!("{name}.jpg")));
    let backdrop = plate.then(|| read(&folder.join(format!("{name}_backdrop.jpg"))));
    let label: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join(format!("{name}.json"))).unwrap()).unwrap();
    let options = Options { backdrop: backdrop.as_ref(), ..Options::default() };
    let start = Instant::now();
    let result = take(&frame, spec, models, &options);
    let ms = start.elapsed().as_millis();
    let face = Face::find(&frame, models).map(|f| versus(&f, &label)).unwrap_or_default();
    let verified = match result {
        Ok(verified) => verified,
        Err(rejection) => {
            println!("{name:30} refused: {rejection} {face}");
            return None;
        }
    };
    let score = score(folder, name, &verified, spec);
    let measures: Vec<String> = verified
        .measures
        .iter()
        .filter(|m| m.window.is_some())
        .map(|m| format!("{}={:.2}", m.measure.code(), m.value))
        .filter(|t| !t.starts_with("photo_") && !t.starts_with("density") && !t.starts_with("trailing"))
        .collect();
    let hair = truth_hair(&label, &verified);
    println!(
        "{name:30} {:6.2} {:6.1} {:6.2} | {face} hair {hair} | {ms} ms {}",
        score.mad,
        score.band,
        score.edge,
        measures.join(" ")
    );
    if let Some(out) = out {
        std::fs::write(out.join(format!("{name}.jpg")), &verified.jpeg).unwrap();
        let (w, h) = verified.matte.frame_size();
        let alpha = verified.matte.alpha16();
        image::ImageBuffer::<image::Luma<u16>, _>::from_raw(w, h, alpha)
            .unwrap()
            .save(out.join(format!("{name}_alpha.png")))
            .unwrap();
    }
    Some(score)
}

fn read(path: &Path) -> Frame {
    Frame::decode(&std::fs::read(path).unwrap()).unwrap()
}

/// Eye centre, inter-eye distance, face width and roll against the labels.
fn versus(face: &Face, label: &serde_json::Value) -> String {
    let number = |v: &serde_json::Value| v.as_f64().unwrap();
    let point = |k: &str| (number(&label[k][0]), number(&label[k][1]));
    let ((lx, ly), (rx, ry)) = (point("eye_left"), point("eye_right"));
    let eyes = face.eye_centre();
    format!(
        "eye {:+.1},{:+.1} ied {:+.1} width {:.3} of {:.0} roll {:+.2}",
        eyes.x - (lx + rx) / 2.0,
        eyes.y - (ly + ry) / 2.0,
        face.inter_eye_px() - (lx - rx).hypot(ly - ry),
        face.width_px() / number(&label["face_width"]),
        number(&label["face_width"]),
        face.roll_deg() - number(&label["roll"]),
    )
}

/// The labelled hair tops in photo pixels.
fn truth_hair(label: &serde_json::Value, verified: &Verified) -> String {
    let [_, [b, a, d]] = verified.transform;
    let x = label["crown_skull"][0].as_f64().unwrap();
    let to = |k: &str| b * x + a * label[k].as_f64().unwrap() + d;
    format!("{:.0} ({:.0} faint)", to("hair_top_y"), to("hair_top_y_a10"))
}

fn score(folder: &Path, name: &str, verified: &Verified, spec: &Specification) -> Score {
    let truth = image::open(folder.join(format!("{name}_alpha.png"))).unwrap().into_luma16();
    let truth = Plane {
        width: truth.width() as usize,
        height: truth.height() as usize,
        data: truth.as_raw().iter().map(|&v| f32::from(v) / 65535.0).collect(),
    };
    let alpha = verified.matte.alpha16();
    let errors: Vec<f64> =
        alpha.iter().zip(&truth.data).map(|(&a, &t)| f64::from((f32::from(a) / 65535.0 - t).abs())).collect();
    let band = truth.band();
    let in_band: Vec<f64> = errors.iter().zip(&band).filter(|(_, b)| **b).map(|(e, _)| *e).collect();
    Score {
        mad: 1e3 * mean(&errors),
        band: 1e3 * mean(&in_band),
        edge: edge_colour(folder, name, verified, spec, &truth),
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Mean CIELAB difference of the delivered photo from the truth, warped by the reported transform and composed in
/// linear light, over the edge band; one gain a channel is fitted on the interior.
fn edge_colour(folder: &Path, name: &str, verified: &Verified, spec: &Specification, alpha: &Plane) -> f64 {
    let photo = Frame::decode(&verified.jpeg).unwrap();
    let foreground = read(&folder.join(format!("{name}_foreground.jpg")));
    let planes: Vec<Plane> = (0..3)
        .map(|k| Plane {
            width: alpha.width,
            height: alpha.height,
            data: foreground.rgb().iter().skip(k).step_by(3).map(|&v| Rgb([v; 3]).linear()[0]).collect(),
        })
        .collect();
    let [[a, nb, c], [b, _, d]] = verified.transform;
    let n = a * a + b * b;
    let (width, height) = (photo.width() as usize, photo.height() as usize);
    let background = spec.background.colour.linear();
    let place = |i: usize| {
        let (x, y) = ((i % width) as f64 - c, (i / width) as f64 - d);
        ((a * x + b * y) / n, (nb * x + a * y) / n)
    };
    let warped = Plane {
        width,
        height,
        data: (0..width * height).map(place).map(|(x, y)| alpha.bilinear(x, y)).collect(),
    };
    let delivered: Vec<[f32; 3]> =
        photo.rgb().chunks_exact(3).map(|p| Rgb([p[0], p[1], p[2]]).linear()).collect();
    let person: Vec<[f32; 3]> = (0..width * height)
        .map(place)
        .map(|(x, y)| std::array::from_fn(|k| planes[k].bilinear(x, y)))
        .collect();
    let gain: [f32; 3] = std::array::from_fn(|k| {
        let inside = (0..person.len()).filter(|&i| warped.data[i] > 0.995);
        let (mut up, mut down) = (0.0_f64, 0.0_f64);
        for i in inside {
            up += f64::from(delivered[i][k] * person[i][k]);
            down += f64::from(person[i][k] * person[i][k]);
        }
        (up / down) as f32
    });
    let band = warped.band();
    let errors: Vec<f64> = (0..person.len())
        .filter(|&i| band[i])
        .map(|i| {
            let t = warped.data[i];
            let ideal: [f64; 3] = std::array::from_fn(|k| {
                f64::from((t * person[i][k] * gain[k] + (1.0 - t) * background[k]).min(1.0))
            });
            let real = delivered[i].map(f64::from);
            let (p, q) = (portrait::lab_of_linear(ideal).0, portrait::lab_of_linear(real).0);
            (0..3).map(|k| (p[k] - q[k]).powi(2)).sum::<f64>().sqrt()
        })
        .collect();
    mean(&errors)
}
