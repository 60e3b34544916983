//! Answers good and bad, as bytes.

use super::*;
use ipp::{attribute::IppAttribute, model::IppVersion, prelude::IppRequestResponse};
use proptest::prelude::*;

fn answer(status: StatusCode, attributes: &[(DelimiterTag, &str, IppValue)]) -> Vec<u8> {
    let mut response = IppRequestResponse::new_response(IppVersion::v2_0(), status, 1).unwrap();
    for (group, name, value) in attributes {
        response.attributes_mut().add(*group, IppAttribute::with_name(name, value.clone()).unwrap());
    }
    response.to_bytes().to_vec()
}

fn keywords(words: &[&str]) -> IppValue {
    IppValue::Array(words.iter().map(|&word| IppValue::new_keyword(word).unwrap()).collect())
}

fn printer() -> Vec<u8> {
    let group = DelimiterTag::PrinterAttributes;
    answer(
        StatusCode::SuccessfulOk,
        &[
            (group, "printer-state", IppValue::Enum(5)),
            (
                group,
                "printer-state-reasons",
                keywords(&["media-empty-error", "marker-supply-low-report", "moo-warning"]),
            ),
            (group, "printer-is-accepting-jobs", IppValue::Boolean(true)),
            (group, "media-ready", keywords(&["na_index-4x6_4x6in"])),
            (group, "marker-names", IppValue::new_name_without_language("Ribbon").unwrap()),
            (group, "marker-levels", IppValue::Integer(-2)),
            (group, "copies-supported", IppValue::new_range_of_integer(1, 99)),
            (group, "printer-make-and-model", IppValue::new_text_with_language("en", "Photo 6").unwrap()),
        ],
    )
}

#[test]
fn a_printer_says_how_it_is() {
    let status = Answer::parse(printer()).unwrap().status().unwrap();
    assert_eq!(status.state, PrinterState::Stopped);
    let unlisted = StateReason::Unlisted("moo".to_owned());
    assert_eq!(
        status.reasons,
        [StateReason::OutOfPaper, StateReason::RibbonLow, unlisted],
        "whatever their grade"
    );
    assert_eq!(status.media_ready, ["na_index-4x6_4x6in"]);
    assert_eq!(status.marker_levels, [MarkerLevel { name: "Ribbon".to_owned(), percent: None }]);
    assert_eq!((status.accepting, status.most_copies, status.model.as_str()), (true, Some(99), "Photo 6"));
    assert_eq!(
        status.fault(),
        Some(crate::FaultName::OutOfPaper),
        "paper can be acted on, an unlisted reason can't"
    );
}

#[test]
fn a_status_code_becomes_a_fault_by_its_name() {
    let check = |status, expect: &str| {
        let fault = Answer::parse(answer(status, &[])).unwrap().success("Create-Job", Some(7)).unwrap_err();
        assert_eq!(fault.name().as_str(), expect, "{status:?}");
    };
    check(StatusCode::ServerErrorBusy, "busy");
    check(StatusCode::ServerErrorTemporaryError, "busy");
    check(StatusCode::ServerErrorNotAcceptingJobs, "paused");
    check(StatusCode::ServerErrorDeviceError, "device_failed");
    check(StatusCode::ClientErrorNotFound, "job_unknown");
    check(StatusCode::ClientErrorAttributesOrValuesNotSupported, "refused");
    check(StatusCode::ServerErrorOperationNotSupported, "refused");
}

#[test]
fn an_approximation_is_no_obedience() {
    let unsupported = [(DelimiterTag::UnsupportedAttributes, "copies", IppValue::Integer(200))];
    let bytes = answer(StatusCode::SuccessfulOkIgnoredOrSubstitutedAttributes, &unsupported);
    let answer = Answer::parse(bytes).unwrap().success("Create-Job", None).unwrap();
    assert!(!answer.was_obeyed(), "an ignored attribute would print something else than was asked");
    assert!(answer.refusal("Create-Job").to_string().contains("copies"), "the refusal names the attribute");
}

#[test]
fn a_text_whose_inner_length_lies_is_refused() {
    let mut bytes = printer();
    let at = bytes.windows(4).position(|w| w == [0, 2, b'e', b'n']).unwrap();
    bytes[at] = 0xff;
    assert!(
        matches!(Answer::parse(bytes), Err(AnswerError::Malformed { .. })),
        "the parser would panic on it"
    );
}

#[test]
fn collections_nested_without_end_are_refused() {
    let mut bytes = vec![2, 0, 0, 0, 0, 0, 0, 1, 4];
    bytes.extend([0x34, 0, 1, b'a', 0, 0]);
    for _ in 0..60_000 {
        bytes.extend([0x4a, 0, 0, 0, 1, b'b', 0x34, 0, 0, 0, 0]);
    }
    bytes.extend([0x37, 0, 0, 0, 0].repeat(60_001));
    bytes.push(3);
    assert!(
        matches!(Answer::parse(bytes), Err(AnswerError::Malformed { .. })),
        "dropping it would overflow the stack"
    );
}

#[test]
fn an_answer_that_breaks_off_anywhere_is_refused() {
    let whole = printer();
    for end in 0..whole.len() {
        assert!(
            Answer::parse(whole[..end].to_vec()).is_err(),
            "{end} of {} bytes are no answer",
            whole.len()
        );
    }
}

/// Everything that the booth does with an answer.
fn read_all(bytes: Vec<u8>) {
    if let Ok(answer) = Answer::parse(bytes) {
        let _ = (answer.status(), answer.jobs(), answer.job(), answer.was_obeyed());
        let _ = answer.success("Get-Jobs", Some(1));
    }
}

/// Tags and small lengths, so that many a value is well formed.
fn attribute_bytes() -> impl Strategy<Value = Vec<u8>> {
    let value =
        (0x01_u8..=0x4b, prop::collection::vec(any::<u8>(), 0..4), prop::collection::vec(any::<u8>(), 0..12));
    let encode = |(tag, name, value): (u8, Vec<u8>, Vec<u8>)| {
        let counted = |bytes: &[u8]| [&(bytes.len() as u16).to_be_bytes(), bytes].concat();
        if tag < 0x10 { vec![tag] } else { [vec![tag], counted(&name), counted(&value)].concat() }
    };
    prop::collection::vec(value.prop_map(encode), 0..40).prop_map(|values| values.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_all(bytes);
    }

    #[test]
    fn nearly_proper_attributes_never_panic(body in attribute_bytes()) {
        read_all([vec![2, 0, 0, 0, 0, 0, 0, 1], body, vec![3]].concat());
    }

    #[test]
    fn a_damaged_answer_never_panics(at in 0_usize..400, value in any::<u8>()) {
        let mut bytes = printer();
        let at = at % bytes.len();
        bytes[at] = value;
        read_all(bytes);
    }
}
