//! `boothctl coach`.

use crate::pictures;
use crate::support::{Place, Run, face, text};
use std::os::unix::fs::PermissionsExt as _;

/// Half a second of nobody, then two of somebody who may be photographed, as JPEG files.
fn sequence() -> Vec<Vec<u8>> {
    let (nobody, person) =
        (pictures::jpeg(&pictures::nobody()), std::fs::read(face("p09__white.jpg")).unwrap());
    (0..25).map(|i| if i < 5 { nobody.clone() } else { person.clone() }).collect()
}

fn told(run: &Run) -> Vec<(f64, Option<String>, bool)> {
    let line = |line: &serde_json::Value| {
        let advice = line["advice"].as_str().map(str::to_owned);
        (line["at"].as_f64().unwrap(), advice, line["ready"].as_bool().unwrap())
    };
    run.json().iter().map(line).collect()
}

#[test]
fn a_folder_and_a_video_are_advised_alike() {
    let place = Place::new();
    let frames = sequence();
    for (i, frame) in frames.iter().enumerate() {
        place.file(&format!("frames/{i:03}.jpg"), frame);
    }
    let (folder, video) = (place.path("frames"), place.file("video.mjpeg", &frames.concat()));
    let run = |input| place.run(&["coach", text(input), "--fps", "10", "--json"]);
    let (by_folder, by_video) = (run(&folder), run(&video));
    assert_eq!((by_folder.status, by_video.status), (0, 0), "{}{}", by_folder.stderr, by_video.stderr);
    let told = told(&by_folder);
    assert_eq!(told, self::told(&by_video), "the clock is the sequence's own");
    assert_eq!(told[0], (0.0, Some("step_in".to_owned()), false), "nobody is there");
    assert!(told.windows(2).all(|pair| pair[0].1 != pair[1].1 || pair[0].2 != pair[1].2), "a line a change");
    let last = told.last().unwrap();
    assert!(last.2 && last.0 >= 1.5, "somebody who holds still for a second is ready: {told:?}");
}

#[test]
fn a_picture_that_is_none_is_told_and_the_next_one_seen() {
    let place = Place::new();
    place.file("frames/0.jpg", &std::fs::read(face("p09__white.jpg")).unwrap());
    place.file("frames/1.jpg", b"no picture");
    place.file("frames/2.jpg", &std::fs::read(face("p09__white.jpg")).unwrap());
    let run = place.run(&["coach", text(&place.path("frames"))]);
    assert_eq!(run.status, 1, "{}{}", run.stdout, run.stderr);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines[1].contains("unreadable") && lines[1].contains("1.jpg"), "{}", run.stdout);
    assert!(lines.len() == 3 && lines[2].contains("2.jpg"), "{}", run.stdout);
}

#[test]
fn another_video_is_handed_to_ffmpeg_and_its_absence_is_named() {
    let place = Place::new();
    let video = place.file("walk in.mp4", b"\0\0\0\x18ftypisom");
    let tools = place.path("tools");
    std::fs::create_dir(&tools).unwrap();
    let run = place.run_with(("PATH", text(&tools)), &["coach", text(&video)]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("apt-get install ffmpeg"), "{}", run.stderr);
    // A converter that asserts what it is given, and hands over what it was told to.
    let frames = place.file("converted", &sequence()[..3].concat());
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in *'-i file:{}'*'-r 10 '*) exec /bin/cat {} ;; esac\nexit 1\n",
        text(&video),
        text(&frames)
    );
    let tool = place.file("tools/ffmpeg", script.as_bytes());
    std::fs::set_permissions(&tool, std::fs::Permissions::from_mode(0o755)).unwrap();
    let run = place.run_with(("PATH", text(&tools)), &["coach", text(&video), "--fps", "10"]);
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("step_in"), "{}", run.stdout);
    place.file("tools/ffmpeg", b"#!/bin/sh\nexit 1\n");
    let run = place.run_with(("PATH", text(&tools)), &["coach", text(&video), "--fps", "10"]);
    assert_eq!(run.status, 2, "a converter that fails is a failure");
    assert!(run.stderr.contains("walk in.mp4"), "{}", run.stderr);
}

#[test]
fn an_empty_sequence_is_a_failure() {
    let place = Place::new();
    let cut = place.file("cut.mjpeg", &std::fs::read(face("p09__white.jpg")).unwrap()[..5000]);
    let run = place.run(&["coach", text(&cut)]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("no picture"), "{}", run.stderr);
}
