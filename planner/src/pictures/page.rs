//! Several pictures on one page.

use super::{Canvas, Colour};

const GROUND: Colour = [0, 0, 0];
/// Between pictures.
const GAP_PX: u32 = 10;
/// Height of the line of words over a picture.
const WORDS_PX: u32 = 30;

/// Rows of pictures, each under its words.
pub fn page(rows: &[Vec<(String, Canvas)>]) -> Canvas {
    let width_of = |row: &[(String, Canvas)]| row.iter().map(|(_, c)| c.size().0 + GAP_PX).sum::<u32>();
    let height_of = |row: &[(String, Canvas)]| row.iter().map(|(_, c)| c.size().1).max().unwrap_or(0);
    let width = rows.iter().map(|row| width_of(row)).max().unwrap_or(0) + GAP_PX;
    let height = rows.iter().map(|row| height_of(row) + WORDS_PX + GAP_PX).sum::<u32>() + GAP_PX;
    let scale = rows.iter().flatten().map(|(_, c)| c.px_per_mm()).next().unwrap_or(1.0);
    let mut page = Canvas::plain(width, height, scale, GROUND);
    let mut top = GAP_PX;
    for row in rows {
        let mut left = GAP_PX;
        for (words, canvas) in row {
            page.words(i64::from(left) + 2, i64::from(top), words);
            page.paste(canvas, left, top + WORDS_PX);
            left += canvas.size().0 + GAP_PX;
        }
        top += height_of(row) + WORDS_PX + GAP_PX;
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_keep_their_pixels_and_their_order() {
        let plain = |w, colour| ("ab".to_owned(), Canvas::plain(w, 50, 2.0, colour));
        let rows = [vec![plain(100, [200, 0, 0]), plain(60, [0, 200, 0])], vec![plain(40, [0, 0, 200])]];
        let page = page(&rows);
        assert_eq!(page.size(), (100 + 60 + 3 * GAP_PX, 2 * (50 + WORDS_PX) + 3 * GAP_PX));
        let (x, y) = (i64::from(GAP_PX), i64::from(GAP_PX + WORDS_PX));
        assert_eq!(page.pixel(x, y), [200, 0, 0]);
        assert_eq!(page.pixel(x + 100 + i64::from(GAP_PX), y + 49), [0, 200, 0]);
        assert_eq!(page.pixel(x + 39, y + 50 + i64::from(GAP_PX + WORDS_PX)), [0, 0, 200]);
    }
}
