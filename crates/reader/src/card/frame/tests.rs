use super::*;
use proptest::prelude::*;

/// A reply's frame, as the reader writes it.
fn framed(status: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 4).unwrap();
    let mut body = length.to_be_bytes().to_vec();
    body.extend([0, 0, status]);
    body.extend(data);
    let check = body.iter().fold(0, |check, byte| check ^ byte);
    [&HEAD[..], &body, &[check]].concat()
}

fn found(bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut deframer = Deframer::new();
    bytes.iter().filter_map(|byte| deframer.push(*byte)).map(|r| (r.status, r.data.to_vec())).collect()
}

#[test]
fn requests_are_those_of_the_protocol() {
    for (command, parameter, frame) in [
        (0x20, 0x01, "AA AA AA 96 69 00 03 20 01 22"),
        (0x20, 0x02, "AA AA AA 96 69 00 03 20 02 21"),
        (0x30, 0x01, "AA AA AA 96 69 00 03 30 01 32"),
    ] {
        let hex: Vec<String> = request(command, parameter).iter().map(|byte| format!("{byte:02X}")).collect();
        assert_eq!(hex.join(" "), frame, "{command:02x} {parameter:02x}");
    }
}

#[test]
fn replies_of_the_protocol_are_found() {
    let find = [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 8, 0, 0, 0x9F, 0, 0, 0, 0, 0x97];
    let none = [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 4, 0, 0, 0x80, 0x84];
    assert_eq!(found(&find), [(0x9F, vec![0; 4])], "a card was found");
    assert_eq!(found(&none), [(0x80, vec![])], "no card");
    assert_eq!(found(&[find.as_slice(), &none].concat()).len(), 2, "one behind the other");
    assert_eq!(found(&framed(0x90, &[7; 1284])).len(), 1, "the longest answer");
}

#[test]
fn broken_frames_are_passed_over() {
    let good = framed(0x80, &[]);
    let mut wrong_check = framed(0x9F, &[1, 2, 3, 4]);
    wrong_check[14] ^= 1;
    let mut too_long = framed(0x90, &[0; 8]);
    too_long[5] = 0xFF;
    let mut too_short = framed(0x90, &[]);
    too_short[6] = 3;
    // A length that is too long by far less than the limit: its frame would end behind the good one.
    let mut stretched = framed(0x90, &[0; 8]);
    stretched[5] = 2;
    let cut = &framed(0x90, &[9; 300])[..150];
    for (what, broken) in [
        ("a wrong check", wrong_check.as_slice()),
        ("a length over the limit", &too_long),
        ("a length under the least", &too_short),
        ("a wrong length", &stretched),
        ("half a frame", cut),
        ("a byte too many of the head", &[0xAA]),
        ("half a head", &HEAD[..3]),
    ] {
        assert_eq!(found(&[broken, &good].concat()), [(0x80, vec![])], "{what} does not hide what follows");
    }
}

#[test]
fn nothing_of_a_reply_is_printed() {
    let mut deframer = Deframer::new();
    let frame = framed(0x90, b"11010519491231002X");
    let reply = frame.iter().find_map(|byte| deframer.push(*byte)).unwrap();
    assert_eq!(format!("{reply:?}"), "Reply(status 0x90, 18 bytes, redacted)", "logs see nothing");
}

proptest! {
    // Long inputs are what these are about: some must outgrow the memory of 2590 bytes.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_answered_within_bounds(bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(HEAD.to_vec())], 0..3500)) {
        let mut deframer = Deframer::new();
        for byte in bytes {
            if let Some(reply) = deframer.push(byte) {
                prop_assert!(reply.data.len() <= 1284, "the limit holds");
            }
            prop_assert!(deframer.seen.capacity() == Deframer::ROOM, "the memory never grows");
            prop_assert!(deframer.open.len() <= LONGEST_FRAME / HEAD.len() + 1, "nor does the number of open frames");
        }
    }

    #[test]
    fn a_frame_is_found_behind_any_noise(
        noise in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(HEAD.to_vec())], 0..3000),
        status in any::<u8>(),
        data in prop::collection::vec(any::<u8>(), 0..1285),
    ) {
        let all = [noise.as_slice(), &framed(status, &data)].concat();
        // One noisy head in some twenty thousand begins what is a sound frame by chance: a check byte can tell no more.
        prop_assume!(found(&all[..all.len() - 1]).is_empty());
        prop_assert_eq!(found(&all), vec![(status, data)], "the frame is found");
    }

    #[test]
    fn one_wrong_byte_is_never_taken_for_the_frame(
        data in prop::collection::vec(any::<u8>(), 0..300),
        place in any::<prop::sample::Index>(),
        change in 1u8..,
    ) {
        let mut frame = framed(0x90, &data);
        let place = place.index(frame.len());
        frame[place] ^= change;
        // A shorter length may end at a byte that happens to be right: the check has eight bits. It is never the same contents.
        prop_assert!(!found(&frame).contains(&(0x90, data)), "byte {} was wrong", place);
    }
}
