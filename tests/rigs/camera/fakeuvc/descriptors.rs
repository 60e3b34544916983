//! What the fake webcam says it is: the descriptors of USB 2.0 (chapter 9) and of the USB video class 1.1.
//!
//! One configuration with a control interface (camera terminal 1, processing unit 2, output terminal 3) and a
//! streaming interface with one bulk end point. Format 1 is MJPEG, format 2 is YUYV.

/// The frame sizes of both formats; frame indices count from 1.
pub const SIZES: [(u16, u16); 4] = [(1280, 720), (640, 480), (1920, 1080), (640, 360)];

/// The bytes of one bulk transfer.
pub const PAYLOAD: u32 = 16_384;

/// Format index of MJPEG.
pub const MJPEG: u8 = 1;
/// Format index of YUYV.
pub const YUYV: u8 = 2;

/// The camera's clock, as its descriptors and its probe answers give it.
pub const CLOCK_HZ: u32 = 48_000_000;

/// The intervals that a frame size is offered at, in units of 100 ns, the usual one first. MJPEG at 640x360 has one
/// that is no whole number of frames a second: 12.5.
pub fn intervals(format: u8, frame: u8) -> &'static [u32] {
    match (format, SIZES.get(usize::from(frame).saturating_sub(1))) {
        (MJPEG, Some((640, 360))) => &[333_333, 666_666, 800_000],
        (MJPEG, _) => &[333_333, 666_666],
        (_, Some((640, _))) => &[333_333, 666_666],
        _ => &[1_000_000, 2_000_000],
    }
}

/// The device descriptor: video class by interface association, 1d6b:0102.
pub fn device() -> Vec<u8> {
    vec![18, 1, 0x00, 0x02, 0xEF, 2, 1, 64, 0x6B, 0x1D, 0x02, 0x01, 0x00, 0x01, 1, 2, 3, 1]
}

/// String descriptor `index`: the language, the maker, the product, the serial number.
pub fn string(index: u8) -> Vec<u8> {
    let text = match index {
        0 => return vec![4, 3, 0x09, 0x04],
        1 => "Campus Booth",
        2 => "Rig Webcam",
        _ => "SN0001",
    };
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut descriptor = vec![2 + units.len() as u8, 3];
    descriptor.extend(units);
    descriptor
}

/// The configuration with everything in it.
pub fn configuration() -> Vec<u8> {
    let mut body = interface_association();
    body.extend(control_interface());
    body.extend(streaming_interface());
    let total = 9 + body.len() as u16;
    let mut configuration = vec![9, 2];
    configuration.extend(total.to_le_bytes());
    // Two interfaces, configuration 1, bus-powered, 500 mA.
    configuration.extend([2, 1, 0, 0x80, 250]);
    configuration.extend(body);
    configuration
}

fn interface_association() -> Vec<u8> {
    vec![8, 11, 0, 2, 0x0E, 3, 0, 0]
}

fn control_interface() -> Vec<u8> {
    // Camera terminal: automatic exposure, exposure, focus, zoom, automatic focus.
    let mut units = vec![18, 0x24, 2, 1, 0x01, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0x2A, 0x02, 0x02];
    // Processing unit: brightness, contrast, saturation, white balance, backlight, gain, mains frequency, auto white.
    units.extend([13, 0x24, 5, 2, 1, 0, 0, 3, 0x4B, 0x17, 0, 0, 0]);
    units.extend([9, 0x24, 3, 3, 0x01, 0x01, 0, 2, 0]);
    let mut descriptor = vec![9, 4, 0, 0, 0, 0x0E, 1, 0, 0];
    descriptor.extend([13, 0x24, 1, 0x10, 0x01]);
    descriptor.extend((13 + units.len() as u16).to_le_bytes());
    descriptor.extend(CLOCK_HZ.to_le_bytes());
    descriptor.extend([1, 1]);
    descriptor.extend(units);
    descriptor
}

fn streaming_interface() -> Vec<u8> {
    let sizes = SIZES.len() as u8;
    let colour_matching = [6, 0x24, 0x0D, 1, 1, 4];
    let mut formats = vec![11, 0x24, 6, MJPEG, sizes, 1, 1, 0, 0, 0, 0];
    formats.extend(frames(MJPEG, 7));
    formats.extend(colour_matching);
    formats.extend([27, 0x24, 4, YUYV, sizes]);
    formats.extend(b"YUY2\x00\x00\x10\x00\x80\x00\x00\xAA\x00\x38\x9B\x71");
    formats.extend([16, 1, 0, 0, 0, 0]);
    formats.extend(frames(YUYV, 5));
    formats.extend(colour_matching);

    let mut descriptor = vec![9, 4, 1, 0, 1, 0x0E, 2, 0, 0];
    descriptor.extend([15, 0x24, 1, 2]);
    descriptor.extend((15 + formats.len() as u16).to_le_bytes());
    descriptor.extend([0x81, 0, 3, 0, 0, 0, 1, 0, 0]);
    descriptor.extend(formats);
    // The bulk end point, 512 bytes a packet.
    descriptor.extend([7, 5, 0x81, 2, 0x00, 0x02, 0]);
    descriptor
}

/// One frame descriptor a size; `subtype` is 7 for MJPEG, 5 for raw.
fn frames(format: u8, subtype: u8) -> Vec<u8> {
    let mut descriptors = Vec::new();
    for (index, (width, height)) in (1_u8..).zip(SIZES) {
        let intervals = intervals(format, index);
        let bytes = u32::from(width) * u32::from(height) * 2;
        descriptors.extend([26 + 4 * intervals.len() as u8, 0x24, subtype, index, 0]);
        descriptors.extend(width.to_le_bytes());
        descriptors.extend(height.to_le_bytes());
        descriptors.extend((bytes * 8).to_le_bytes());
        descriptors.extend((bytes * 8 * 30).to_le_bytes());
        descriptors.extend(bytes.to_le_bytes());
        descriptors.extend(intervals[0].to_le_bytes());
        descriptors.push(intervals.len() as u8);
        descriptors.extend(intervals.iter().flat_map(|interval| interval.to_le_bytes()));
    }
    descriptors
}
