//! Prints what is measured on each picture and why it is refused: one line a picture, or with `--all` every measure.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a technician's tool")]

use portrait::{Frame, Measurement, Models, Options, Specification, Verdict, take};

fn main() {
    let models = Models::load(&Models::default_directory()).unwrap();
    let spec = Specification::load("assets/specs/degree.toml".as_ref()).unwrap();
    let all = std::env::args().any(|a| a == "--all");
    for path in std::env::args().skip(1).filter(|a| a != "--all") {
        let frame = Frame::decode(&std::fs::read(&path).unwrap()).unwrap();
        let (reasons, measures) = match take(&frame, &spec, &models, &Options::default()) {
            Ok(verified) => (vec!["accepted".to_owned()], verified.measures),
            Err(r) => (r.reasons.iter().map(ToString::to_string).collect(), r.measures),
        };
        let name = path.rsplit('/').next().unwrap();
        println!("{name:36} {}", reasons.join("; "));
        let shown = |m: &&Measurement| all || m.verdict != Verdict::Pass;
        for m in measures.iter().filter(shown) {
            let score = m.score.map_or("-".to_owned(), |s| s.to_string());
            println!(
                "    {:28} {:9.3} {:>3} {:?} {:?}",
                m.measure.code(),
                m.value,
                score,
                m.verdict,
                m.window
            );
        }
    }
}
