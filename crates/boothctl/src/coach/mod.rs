//! `boothctl coach`: what a student would be told, from a sequence of pictures.
//!
//! The clock is the sequence's own: frame after frame at `--fps`, however long the work takes.

mod frames;
mod words;

use crate::failure::{Failure, chain};
use crate::photo::find_specification;
use crate::{Outcome, output};
use booth::Places;
use frames::{Still, Stills};
use portrait::{Advice, Coach, Coaching, Frame, Models};
use serde::Serialize;
use std::path::PathBuf;
use std::time::Duration;

/// Print the advice that a sequence of pictures would get, a line a change.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A folder's pictures (JPEG, PNG) are taken in the order of their names.
A video is raw MJPEG, or anything that ffmpeg reads where ffmpeg is installed. To make raw MJPEG elsewhere:
    ffmpeg -i VIDEO -r 15 -f mjpeg -q:v 2 FRAMES.mjpeg")]
pub struct Arguments {
    /// A folder of pictures, or a video.
    #[arg(value_name = "DIR|VIDEO")]
    input: PathBuf,
    /// The specification: a name such as `degree`, or the path of a .toml file.
    #[arg(long, value_name = "NAME|FILE.toml", default_value = "degree")]
    spec: String,
    /// Pictures a second.
    #[arg(long, default_value_t = 15.0, value_parser = rate)]
    fps: f64,
    /// Print lines of JSON.
    #[arg(long)]
    json: bool,
}

/// What one line says: from `at` on, this holds.
#[derive(Serialize)]
struct Line<'a> {
    at: f64,
    frame: &'a str,
    advice: Option<&'static str>,
    ready: bool,
    text: String,
}

/// What a line is printed for when it changes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Advice(Option<Advice>),
    Ready,
    Unreadable,
}

/// Does the command.
///
/// # Errors
/// [`Failure`], if specification, models, the sequence or the inference engine can't be used.
pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let places = Places::from_environment()?;
    let spec = find_specification(&arguments.spec, &places.assets)?;
    let stills = Stills::open(&arguments.input, arguments.fps)?;
    let models = Models::load(&places.models)?;
    let mut coach = Coach::new(&spec);
    let mut told = None;
    let mut outcome = Outcome::Well;
    for (index, still) in stills.iter().enumerate() {
        let at = index as f64 / arguments.fps;
        let (now, text) = match see(&mut coach, &still, Duration::from_secs_f64(at), &models)? {
            Ok(coaching) => said(&coaching),
            Err(reason) => (Told::Unreadable, reason),
        };
        outcome = outcome.and(if now == Told::Unreadable { Outcome::Faulty } else { Outcome::Well });
        if told != Some(now) {
            tell(arguments.json, at, still.name, now, text)?;
            told = Some(now);
        }
    }
    Ok(outcome)
}

/// What the coach makes of one picture; a picture that is none costs its own time alone.
fn see(
    coach: &mut Coach,
    still: &Still,
    at: Duration,
    models: &Models,
) -> Result<Result<Coaching, String>, Failure> {
    let bytes = match still.bytes() {
        Ok(bytes) => bytes,
        Err(error) => return Ok(Err(chain(&error))),
    };
    match Frame::decode(&bytes) {
        Ok(frame) => Ok(Ok(coach.see(&frame, at, models)?)),
        Err(error) => Ok(Err(chain(&error))),
    }
}

fn said(coaching: &Coaching) -> (Told, String) {
    match coaching.advice {
        Some(advice) => (Told::Advice(Some(advice)), words::sentence(advice).to_owned()),
        None if coaching.ready => {
            (Told::Ready, "everything has held for a second: take the photo".to_owned())
        }
        None => (Told::Advice(None), "all is well: stay like that".to_owned()),
    }
}

fn tell(json: bool, at: f64, frame: &str, told: Told, text: String) -> Result<(), Failure> {
    let advice = if let Told::Advice(advice) = told { advice.map(Advice::code) } else { None };
    let line = Line { at, frame, advice, ready: told == Told::Ready, text };
    if json {
        return output::line(&serde_json::to_string(&line).map_err(|e| Failure::Output(e.into()))?);
    }
    let word = match told {
        Told::Advice(Some(advice)) => advice.code(),
        Told::Advice(None) => "hold",
        Told::Ready => "ready",
        Told::Unreadable => "unreadable",
    };
    output::line(&format!("{at:8.3} s  {word:16} {}  ({frame})", line.text))
}

fn rate(text: &str) -> Result<f64, String> {
    let wrong = || format!("{text:?} is not a number of pictures a second from 0.1 to 240");
    let rate: f64 = text.parse().map_err(|_| wrong())?;
    if (0.1..=240.0).contains(&rate) { Ok(rate) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_sensible_number() {
        assert_eq!(rate("29.97"), Ok(29.97));
        for text in ["", "0", "-1", "nan", "inf", "1000", "15 fps"] {
            assert!(rate(text).is_err(), "{text:?} is no rate");
        }
    }
}
