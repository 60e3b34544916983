//! Prints the 478 landmarks of each picture as a line of JSON: the name, then x and y in turn, source pixels.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a technician's tool")]

use portrait::{Face, Frame, Models};

fn main() {
    let models = Models::load(&Models::default_directory()).unwrap();
    for path in std::env::args().skip(1) {
        let frame = Frame::decode(&std::fs::read(&path).unwrap()).unwrap();
        match Face::find(&frame, &models) {
            Ok(face) => {
                let points: Vec<f64> = face.landmarks().iter().flat_map(|p| [p.x, p.y]).collect();
                println!(
                    "{}",
                    serde_json::json!({ "name": path, "points": points, "depths": face.depths() })
                );
            }
            Err(error) => eprintln!("{path}: {error}"),
        }
    }
}
