//! `boothctl gallery`.

use crate::pictures;
use crate::support::{Place, assets, face, text};

#[test]
fn the_page_shows_each_picture_and_says_what_stopped_it() {
    let place = Place::new();
    for name in ["p09__white.jpg", "p09__white_alpha.png"] {
        place.file(&format!("faces/{name}"), &std::fs::read(face(name)).unwrap());
    }
    place.file("faces/nobody.png", &pictures::png(&pictures::nobody()));
    place.file("faces/a<b.jpg", b"no picture");
    let (folder, out) = (place.path("faces"), place.path("out"));
    let run = place.run(&["gallery", text(&folder), "--out", text(&out)]);
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("1 of 3 pictures accepted"), "the truth is no picture: {}", run.stdout);
    let page = std::fs::read_to_string(out.join("index.html")).unwrap();
    for words in ["no_face", "unreadable", "a&lt;b", "HeadPose.Roll", "400 %", "off the truth by"] {
        assert!(page.contains(words), "{words:?} is on the page");
    }
    assert!(!page.contains("<script") && !page.contains("a<b"), "nothing runs, and names are only text");
    for region in ["top of the hair", "left side", "right side", "left shoulder", "right shoulder"] {
        assert_eq!(page.matches(&format!("{region}, delivered")).count(), 1, "{region} once");
    }
    for file in ["source.jpg", "matte.png", "photo.jpg"] {
        let path = out.join(format!("p09__white_{file}"));
        assert!(image::image_dimensions(&path).unwrap().0 > 0, "{file} is a picture");
        assert!(page.contains(&format!("p09__white_{file}")), "{file} is on the page");
    }
    assert_eq!(image::image_dimensions(out.join("p09__white_photo.jpg")).unwrap(), (480, 640));
}

#[test]
fn a_folder_without_pictures_is_a_failure() {
    let place = Place::new();
    let out = place.path("out");
    let run = place.run(&["gallery", text(&assets().join("specs")), "--out", text(&out)]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("no picture"), "{}", run.stderr);
}
