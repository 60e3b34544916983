//! Scores the way from frame to photo against rendered people with exact labels.
//!
//! `score FOLDER [--filter TEXT] [--out DIR] [--spec FILE]` takes every `NAME.jpg` that has a `NAME.json`,
//! `NAME_alpha.png`, `NAME_foreground.jpg` and `NAME_backdrop.jpg` beside it, makes the photo without and with the
//! backdrop learned, and prints for each what the matte and the photo miss. The table at the end has a row for each
//! backdrop: the network alone, no stored backdrop, the stored one, and the true matte through the same photo and
//! JPEG, which is the least error that can be reached. Only compliant people (`PERSON__BACKDROP`) count in it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a technician's scoring tool")]

mod truth;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use portrait::{
    Aligned, Backdrop, Composed, Encoded, Face, Frame, Matte, Models, Options, Specification, Verified, take,
};
use truth::{AlphaErrors, Truth};

/// The ways that are compared.
const WAYS: [&str; 4] = ["network alone", "no backdrop", "stored backdrop", "true matte"];

/// One photo's errors.
#[derive(Clone, Copy, Default)]
struct Score {
    alpha: AlphaErrors,
    edge: f64,
    background: (f64, f64),
}

struct Scorer {
    folder: PathBuf,
    spec: Specification,
    models: Models,
    out: Option<PathBuf>,
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1)).cloned();
    let spec = option("--spec").unwrap_or("assets/specs/degree.toml".into());
    let scorer = Scorer {
        folder: PathBuf::from(args.get(1).expect("a folder")),
        spec: Specification::load(Path::new(&spec)).unwrap(),
        models: Models::load(&Models::default_directory()).unwrap(),
        out: option("--out").map(PathBuf::from),
    };
    let mut table: BTreeMap<(String, usize), Vec<Score>> = BTreeMap::new();
    for name in scorer.names(&option("--filter").unwrap_or_default()) {
        let scores = scorer.score(&name);
        let parts: Vec<&str> = name.split("__").collect();
        if parts.len() == 2 && !parts[0].contains('_') {
            for (way, score) in scores {
                for kind in [parts[1], "~ all"] {
                    table.entry((kind.to_owned(), way)).or_default().push(score);
                }
            }
        }
    }
    println!("\n{:12} {:16} photos    MAD   band   grad   edge  background mean, 99.9th", "backdrop", "way");
    for ((kind, way), scores) in &table {
        let mean = |f: &dyn Fn(&Score) -> f64| truth::mean(&scores.iter().map(f).collect::<Vec<_>>());
        println!(
            "{kind:12} {:16} {:6} {}",
            WAYS[*way],
            scores.len(),
            line(&Score {
                alpha: AlphaErrors {
                    mean: mean(&|s| s.alpha.mean),
                    band: mean(&|s| s.alpha.band),
                    gradient: mean(&|s| s.alpha.gradient),
                },
                edge: mean(&|s| s.edge),
                background: (mean(&|s| s.background.0), mean(&|s| s.background.1)),
            })
        );
    }
}

fn line(score: &Score) -> String {
    let Score { alpha, edge, background } = score;
    let (mean, high) = background;
    format!("{:6.2} {:6.1} {:6.3} {edge:6.2} {mean:6.3} {high:6.3}", alpha.mean, alpha.band, alpha.gradient)
}

fn read(path: &Path) -> Frame {
    Frame::decode(&std::fs::read(path).unwrap()).unwrap()
}

impl Scorer {
    fn names(&self, filter: &str) -> Vec<String> {
        let files = std::fs::read_dir(&self.folder).unwrap();
        let mut names: Vec<String> = files
            .filter_map(|e| {
                e.unwrap().file_name().into_string().unwrap().strip_suffix(".json").map(str::to_owned)
            })
            .filter(|n| n.contains(filter))
            .collect();
        names.sort();
        names
    }

    /// Scores a frame by each way (an index of [`WAYS`]); nothing if its photo is refused.
    fn score(&self, name: &str) -> Vec<(usize, Score)> {
        let frame = read(&self.folder.join(format!("{name}.jpg")));
        let empty = read(&self.folder.join(format!("{name}_backdrop.jpg")));
        let backdrop = Backdrop::learn(&[&empty], &self.models);
        if let Err(e) = &backdrop {
            println!("{name:30} no backdrop: {e}");
        }
        let truth = Truth::read(&self.folder, name);
        let mut scores = Vec::new();
        for (way, backdrop) in [(1, None), (2, backdrop.as_ref().ok())] {
            if way == 2 && backdrop.is_none() {
                continue;
            }
            let Some(verified) = self.photo(name, &frame, backdrop, WAYS[way]) else { continue };
            if way == 1 {
                let alone = Matte::of_network_alone(&frame, &self.models).unwrap();
                scores.extend(self.composed(&alone, &verified, &frame, &truth).map(|s| (0, s)));
                let known = Matte::known(&truth.alpha16, &truth.foreground);
                scores.extend(self.composed(&known, &verified, &frame, &truth).map(|s| (3, s)));
            }
            let score = self.rate(&verified.matte, &verified.jpeg, verified.transform, &truth);
            println!("{name:30} {:16} {}", WAYS[way], line(&score));
            self.write(name, &verified);
            scores.push((way, score));
        }
        scores
    }

    /// The photo of a frame, with a line about its geometry and its matte.
    fn photo(&self, name: &str, frame: &Frame, backdrop: Option<&Backdrop>, way: &str) -> Option<Verified> {
        let label = std::fs::read(self.folder.join(format!("{name}.json"))).unwrap();
        let label: serde_json::Value = serde_json::from_slice(&label).unwrap();
        let options = Options { backdrop, ..Options::default() };
        let start = Instant::now();
        let result = take(frame, &self.spec, &self.models, &options);
        let ms = start.elapsed().as_millis();
        let face = Face::find(frame, &self.models).map(|f| versus(&f, &label)).unwrap_or_default();
        match result {
            Ok(verified) => {
                let matte = &verified.matte;
                let hair = truth_hair(&label, &verified);
                println!(
                    "{name:30} {way:16} {face} hair {hair} {:?} {:.3} {} bytes {ms} ms",
                    matte.source(),
                    matte.confidence(),
                    verified.jpeg.len()
                );
                Some(verified)
            }
            Err(rejection) => {
                println!("{name:30} {way:16} refused: {rejection} {face}");
                None
            }
        }
    }

    /// Another matte through the same crop and encoder.
    fn composed(&self, matte: &Matte, like: &Verified, frame: &Frame, truth: &Truth) -> Option<Score> {
        let face = Face::find(frame, &self.models).ok()?;
        let aligned = Aligned::new(frame, &face, &like.matte, &self.spec).ok()?;
        // Compliant frames are bright enough to be left alone.
        let photo = Composed::new(matte, &aligned, self.spec.background.colour, [1.0; 3]);
        let encoded = Encoded::new(&photo, &self.spec).ok()?;
        Some(self.rate(matte, encoded.jpeg(), aligned.transform().matrix(), truth))
    }

    fn rate(&self, matte: &Matte, jpeg: &[u8], transform: [[f64; 3]; 2], truth: &Truth) -> Score {
        let size = (self.spec.photo.width_px as usize, self.spec.photo.height_px as usize);
        let warped = truth.warped(transform, size);
        Score {
            alpha: truth.alpha_errors(&matte.alpha16()),
            edge: warped.edge_colour(jpeg, &self.spec),
            background: warped.background(jpeg, &self.spec),
        }
    }

    /// Keeps photo and alpha for looking at.
    fn write(&self, name: &str, verified: &Verified) {
        let Some(out) = &self.out else { return };
        std::fs::write(out.join(format!("{name}.jpg")), &verified.jpeg).unwrap();
        let (width, height) = verified.matte.frame_size();
        image::ImageBuffer::<image::Luma<u16>, _>::from_raw(width, height, verified.matte.alpha16())
            .unwrap()
            .save(out.join(format!("{name}_alpha.png")))
            .unwrap();
    }
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
