use proptest::prelude::*;

use super::*;

fn check(text: &str, expect: &str) {
    let error = Script::parse(text).expect_err(text);
    assert_eq!(error.to_string(), expect, "{text}");
}

#[test]
fn what_is_no_script_is_named() {
    check("", "a script has 1 to 100 steps, not 0");
    check("[[step]]\nname = 'a'\nseconds = 0", "step 1: seconds must be 0.1 to 3600");
    check("[[step]]\nname = 'a'\nseconds = nan", "step 1: seconds must be 0.1 to 3600");
    check("[[step]]\nname = 'a'", "the script is not valid");
    check("[[step]]\nname = 'a'\nseconds = 1\nwind = 3", "the script is not valid");
    check("[[step]]\nname = 'a'\nseconds = 1\npeople = [{ who = 'nobody' }]", "the script is not valid");
    let with =
        |line: &str| format!("[[step]]\nname = 'a'\nseconds = 1\n[[step]]\nname = 'b'\nseconds = 1\n{line}");
    check(&with("light = -0.1"), "step 2: light must be 0 to 4");
    check(&with("side_light = 1.5"), "step 2: side_light must be -1 to 1");
    check(&with("blur = 101"), "step 2: blur must be 0 to 100 pixels");
    check(&with("shift = [0, 201]"), "step 2: shift must be -200 to 200 pixels");
    check(&with("sway = inf"), "step 2: sway must be 0 to 200 pixels");
    check(&with("people = [{ who = 'student', scale = 0 }]"), "step 2: scale must be 0.2 to 3");
    check(&with("people = [{ who = 'student', tilt = 91 }]"), "step 2: tilt must be -90 to 90 degrees");
    let crowd = "{ who = 'student' },".repeat(PEOPLE + 1);
    check(&with(&format!("people = [{crowd}]")), "step 2: people must be at most 4");
    check(&"#".repeat(SCRIPT_BYTES as usize + 1), "the script is longer than 65536 bytes");
    check(&"[[step]]\nname = 'a'\nseconds = 1\n".repeat(101), "a script has 1 to 100 steps, not 101");
}

#[test]
fn a_step_that_says_little_is_a_booth_as_usual() {
    let script = Script::parse("[[step]]\nname = 'a'\nseconds = 1.5").expect("a script");
    let step = &script.steps()[0];
    assert_eq!((step.duration, &step.staging), (Duration::from_millis(1500), &Staging::default()));
}

#[test]
fn the_shipped_scripts_can_be_played() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/sample/scripts");
    let files: Vec<_> =
        std::fs::read_dir(folder).expect("there").map(|entry| entry.expect("there").path()).collect();
    assert!(!files.is_empty());
    for file in files {
        let script = Script::read(&file).unwrap_or_else(|error| panic!("{}: {error:?}", file.display()));
        let last = script.steps().last().expect("at least one");
        let home = Pose::HOME;
        assert_eq!(last.staging.actors, [(Actor::Student, home)], "it ends with a compliant person");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Script::read(Path::new("/nowhere/script.toml")).expect_err("not there");
    assert_eq!(error.to_string(), "the script /nowhere/script.toml can't be read");
}

/// Texts near to a script: its own words with any numbers.
fn near_scripts() -> impl Strategy<Value = String> {
    const FIELDS: [&str; 9] =
        ["seconds", "light", "side_light", "blur", "sway", "shift", "people", "name", "backdrop"];
    let number = prop_oneof![
        any::<f32>().prop_map(|value| format!("{value:?}")),
        (-300..300_i32).prop_map(|value| value.to_string()),
        (0.0..1.0_f32).prop_map(|value| format!("{value:?}")),
    ];
    let person = (number.clone(), number.clone())
        .prop_map(|(x, scale)| format!("[{{ who = 'student', x = {x}, scale = {scale} }}]"));
    let value = prop_oneof![
        4 => number,
        1 => person,
        1 => Just("[1, -2]".to_owned()),
        1 => Just("'grey'".to_owned()),
        1 => "[ -~]{0,12}",
    ];
    let line =
        (prop::sample::select(&FIELDS[..]), value).prop_map(|(field, value)| format!("{field} = {value}"));
    let step = prop::collection::vec(line, 0..5)
        .prop_map(|lines| format!("[[step]]\nname = 'x'\nseconds = 1\n{}\n", lines.join("\n")));
    prop::collection::vec(step, 0..4).prop_map(|steps| steps.concat())
}

proptest! {
    #[test]
    fn any_text_is_refused_or_becomes_a_script_within_the_limits(text in prop_oneof![near_scripts(), any::<String>()]) {
        if let Ok(script) = Script::parse(&text) {
            prop_assert!((1..=SCRIPT_STEPS).contains(&script.steps().len()));
            for step in script.steps() {
                prop_assert!((Duration::from_millis(99)..=Duration::from_secs(3600)).contains(&step.duration));
                let staging = &step.staging;
                prop_assert!(staging.actors.len() <= PEOPLE);
                for (_, pose) in &staging.actors {
                    prop_assert!(pose.scale >= 0.2 && [pose.dx, pose.dy, pose.roll].iter().all(|value| value.is_finite()));
                }
                prop_assert!((0.0..=4.0).contains(&staging.light) && staging.noise.is_finite());
                prop_assert!(staging.blur <= 100 && staging.shift.0.abs() <= 200 && staging.shift.1.abs() <= 200);
            }
        }
    }
}
