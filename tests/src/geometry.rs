//! Where things really are on a printed page: the document is rasterised at 100 % and the ink is measured.
//!
//! Reading the places back from the PDF's own matrices is left out on purpose: it would prove what was meant, not what prints.

use std::{
    io,
    path::Path,
    process::{Command, Output},
};

const MM_PER_INCH: f64 = 25.4;

/// A page as pixels.
#[derive(Debug)]
pub struct Raster {
    width: usize,
    height: usize,
    dpi: u32,
    pixels: Vec<u8>,
}

/// An upright rectangle in millimetres from the page's top left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// The left edge.
    pub x_mm: f64,
    /// The upper edge.
    pub y_mm: f64,
    /// The width.
    pub width_mm: f64,
    /// The height.
    pub height_mm: f64,
}

/// An image object of a document, as `pdfimages -list` tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageObject {
    /// The object's number: the same for every place that it is put to.
    pub object: u32,
    /// The encoding, such as `jpeg`.
    pub encoding: String,
    /// The width in pixels.
    pub width_px: u32,
    /// The height in pixels.
    pub height_px: u32,
}

impl Raster {
    /// The first page of a PDF at `dpi` (`pdftoppm`).
    ///
    /// # Errors
    /// Poppler isn't installed, or can't read the document.
    pub fn of_pdf(pdf: &Path, dpi: u32) -> io::Result<Self> {
        let resolution = dpi.to_string();
        let output = run(Command::new("pdftoppm").args(["-r", &resolution, "-f", "1", "-l", "1"]).arg(pdf))?;
        Self::of_ppm(&output.stdout, dpi).ok_or_else(|| io::Error::other("pdftoppm wrote no 8-bit PPM"))
    }

    fn of_ppm(ppm: &[u8], dpi: u32) -> Option<Self> {
        let head: Vec<&[u8]> = ppm.splitn(4, |&b| b == b'\n').collect();
        let [b"P6", size, b"255", pixels] = head[..] else { return None };
        let (width, height) = std::str::from_utf8(size).ok()?.split_once(' ')?;
        let (width, height) = (width.parse().ok()?, height.parse().ok()?);
        (pixels.len() == 3 * width * height).then(|| Self { width, height, dpi, pixels: pixels.to_vec() })
    }

    /// The page's size in millimetres, rounded up to whole pixels as `pdftoppm` does.
    #[must_use]
    pub fn size_mm(&self) -> (f64, f64) {
        (self.mm(self.width), self.mm(self.height))
    }

    /// The millimetres of so many pixels.
    #[must_use]
    pub fn mm(&self, pixels: usize) -> f64 {
        pixels as f64 * MM_PER_INCH / f64::from(self.dpi)
    }

    /// The colour at a place in millimetres; white outside the page.
    #[must_use]
    pub fn colour_at(&self, x_mm: f64, y_mm: f64) -> [u8; 3] {
        let pixel = |mm: f64| (mm * f64::from(self.dpi) / MM_PER_INCH) as usize;
        let (x, y) = (pixel(x_mm), pixel(y_mm));
        if x < self.width && y < self.height { self.colour(x + y * self.width) } else { [255; 3] }
    }

    fn colour(&self, index: usize) -> [u8; 3] {
        [self.pixels[3 * index], self.pixels[3 * index + 1], self.pixels[3 * index + 2]]
    }

    /// The bounding boxes of the connected patches of pixels for which `belongs` holds and whose sides are both at least
    /// `least_mm`; top to bottom, then left to right (patches within 1 mm count as one row).
    pub fn patches(&self, least_mm: f64, belongs: impl Fn([u8; 3]) -> bool) -> Vec<Area> {
        let mut open: Vec<bool> =
            (0..self.width * self.height).map(|index| belongs(self.colour(index))).collect();
        let mut patches = Vec::new();
        for start in 0..open.len() {
            if open[start] {
                let area = self.area(self.flood(&mut open, start));
                if area.width_mm >= least_mm && area.height_mm >= least_mm {
                    patches.push(area);
                }
            }
        }
        patches.sort_by(|a, b| {
            (a.y_mm.round(), a.x_mm)
                .partial_cmp(&(b.y_mm.round(), b.x_mm))
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        patches
    }

    /// Closes the patch around `start` and gives its first and last column and row.
    fn flood(&self, open: &mut [bool], start: usize) -> [usize; 4] {
        let mut bounds = [usize::MAX, 0, usize::MAX, 0];
        let mut todo = vec![start];
        open[start] = false;
        while let Some(at) = todo.pop() {
            let (x, y) = (at % self.width, at / self.width);
            bounds = [bounds[0].min(x), bounds[1].max(x), bounds[2].min(y), bounds[3].max(y)];
            let beside = [(x > 0, at.wrapping_sub(1)), (x + 1 < self.width, at + 1)];
            let above_below = [(y > 0, at.wrapping_sub(self.width)), (y + 1 < self.height, at + self.width)];
            for (on_page, next) in beside.into_iter().chain(above_below) {
                if on_page && open[next] {
                    open[next] = false;
                    todo.push(next);
                }
            }
        }
        bounds
    }

    fn area(&self, [left, right, top, bottom]: [usize; 4]) -> Area {
        let (x_mm, y_mm) = (self.mm(left), self.mm(top));
        Area { x_mm, y_mm, width_mm: self.mm(right + 1) - x_mm, height_mm: self.mm(bottom + 1) - y_mm }
    }
}

impl Area {
    /// The largest distance between an edge of this and the same edge of `other`, in millimetres.
    #[must_use]
    pub fn distance_mm(&self, other: &Self) -> f64 {
        let edges =
            |area: &Self| [area.x_mm, area.y_mm, area.x_mm + area.width_mm, area.y_mm + area.height_mm];
        edges(self).into_iter().zip(edges(other)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }
}

/// The photos on the first page of a sheet: every patch of ink of at least 9 mm by 9 mm (marks and letters are smaller).
/// Photos that touch count as one.
///
/// # Errors
/// As [`Raster::of_pdf`].
pub fn measure_placements(pdf: &Path, dpi: u32) -> io::Result<Vec<Area>> {
    Ok(Raster::of_pdf(pdf, dpi)?.patches(9.0, |colour| colour.iter().any(|&channel| channel < 250)))
}

/// That a PDF's structure is sound (`qpdf --check`).
///
/// # Errors
/// What qpdf finds.
pub fn check_structure(pdf: &Path) -> io::Result<()> {
    run(Command::new("qpdf").arg("--check").arg(pdf)).map(drop)
}

/// The images that the pages of a PDF show, one entry a place.
///
/// # Errors
/// Poppler isn't installed, can't read the document, or lists it in another way than it did.
pub fn image_objects(pdf: &Path) -> io::Result<Vec<ImageObject>> {
    let output = run(Command::new("pdfimages").arg("-list").arg(pdf))?;
    let list = String::from_utf8_lossy(&output.stdout).into_owned();
    let parse =
        |line: &str| image_object(line).ok_or_else(|| io::Error::other(format!("pdfimages listed {line:?}")));
    list.lines().skip(2).map(parse).collect()
}

fn image_object(line: &str) -> Option<ImageObject> {
    let columns: Vec<&str> = line.split_whitespace().collect();
    Some(ImageObject {
        object: columns.get(10)?.parse().ok()?,
        encoding: (*columns.get(8)?).to_owned(),
        width_px: columns.get(3)?.parse().ok()?,
        height_px: columns.get(4)?.parse().ok()?,
    })
}

/// The bytes of the first JPEG in a PDF as they are (`pdfimages -j`).
///
/// # Errors
/// Poppler isn't installed, can't read the document, or finds no JPEG.
pub fn first_jpeg(pdf: &Path) -> io::Result<Vec<u8>> {
    let folder = tempfile::tempdir()?;
    run(Command::new("pdfimages").arg("-j").arg(pdf).arg(folder.path().join("image")))?;
    std::fs::read(folder.path().join("image-000.jpg"))
}

/// The words of a PDF's first page in reading order (`pdftotext`).
///
/// # Errors
/// Poppler isn't installed, or can't read the document.
pub fn text(pdf: &Path) -> io::Result<String> {
    let output = run(Command::new("pdftotext").arg("-layout").arg(pdf).arg("-"))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn run(command: &mut Command) -> io::Result<Output> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(io::Error::other(format!("{command:?}: {said}")))
}
