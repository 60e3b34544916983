//! A minimal sRGB ICC profile (ICC.1:2001-04, a matrix and a tone curve).

/// Primaries adapted to D50, as s15Fixed16 numbers; IEC 61966-2-1 through the Bradford transform.
const COLORANTS: [(&[u8; 4], [i32; 3]); 4] = [
    (b"wtpt", [0xF6D6, 0x10000, 0xD32D]),
    (b"rXYZ", [0x6FA2, 0x38F5, 0x0390]),
    (b"gXYZ", [0x6299, 0xB785, 0x18DA]),
    (b"bXYZ", [0x24A0, 0x0F84, 0xB6CF]),
];
const CURVES: [&[u8; 4]; 3] = [b"rTRC", b"gTRC", b"bTRC"];
const HEADER: usize = 128;
const CURVE_POINTS: u16 = 256;

/// The profile's bytes.
pub(super) fn srgb() -> Vec<u8> {
    let mut bodies: Vec<(&[u8; 4], Vec<u8>)> =
        vec![(b"desc", description()), (b"cprt", text("Public Domain"))];
    bodies.extend(COLORANTS.iter().map(|&(tag, xyz)| (tag, point(xyz))));
    let table = 4 + 12 * (bodies.len() + CURVES.len());
    let mut tags = Vec::new();
    let mut data = Vec::new();
    let entry = |tag: &[u8; 4], at: usize, length: usize| {
        [tag.as_slice(), &word((HEADER + table + at) as u32), &word(length as u32)].concat()
    };
    for (tag, mut body) in bodies {
        tags.extend(entry(tag, data.len(), body.len()));
        body.resize(body.len().next_multiple_of(4), 0);
        data.append(&mut body);
    }
    let (at, curve) = (data.len(), curve());
    CURVES.iter().for_each(|tag| tags.extend(entry(tag, at, curve.len())));
    data.extend(curve);
    let count = word((6 + CURVES.len()) as u32);
    let size = HEADER + table + data.len();
    [header(size as u32), count.to_vec(), tags, data].concat()
}

fn word(v: u32) -> [u8; 4] {
    v.to_be_bytes()
}

fn header(size: u32) -> Vec<u8> {
    let mut out = vec![0; HEADER];
    let mut put = |at: usize, bytes: &[u8]| out[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &word(size));
    put(8, &word(0x0210_0000));
    put(12, b"mntrRGB XYZ ");
    put(24, &[0x07, 0xE8, 0, 1, 0, 1]);
    put(36, b"acsp");
    put(68, &[word(0xF6D6), word(0x10000), word(0xD32D)].concat());
    out
}

fn text(value: &str) -> Vec<u8> {
    [b"text\0\0\0\0", value.as_bytes(), b"\0"].concat()
}

fn description() -> Vec<u8> {
    let name = b"sRGB\0";
    let mut out = [b"desc\0\0\0\0".as_slice(), &word(name.len() as u32), name].concat();
    // No Unicode and no script name.
    out.resize(out.len() + 78, 0);
    out
}

fn point(xyz: [i32; 3]) -> Vec<u8> {
    [b"XYZ \0\0\0\0".to_vec(), xyz.iter().flat_map(|v| v.to_be_bytes()).collect()].concat()
}

fn curve() -> Vec<u8> {
    let table = crate::colour::linear_table();
    let values = table.iter().flat_map(|v| ((v * 65535.0 + 0.5) as u16).to_be_bytes());
    [b"curv\0\0\0\0".to_vec(), word(CURVE_POINTS.into()).to_vec(), values.collect()].concat()
}
