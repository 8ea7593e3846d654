//! What a graph sees of an image.

/// Numbers of an image, channel by channel, each row by row from the top.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    /// Channels: one of a single slice.
    pub channels: usize,
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// The numbers, `channels` x `rows` x `columns`.
    pub values: Vec<f32>,
}

impl Tensor {
    /// One channel as grey values from 0 to 255 between its least and its greatest number, for pictures; black where all are alike.
    pub fn grey(&self, channel: usize) -> Vec<u8> {
        let length = self.rows * self.columns;
        let values = self.values.get(channel * length..(channel + 1) * length).unwrap_or_default();
        let low = values.iter().copied().fold(f32::INFINITY, f32::min);
        let high = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let width = high - low;
        let grey = |value: &f32| if width > 0.0 { (255.0 * (value - low) / width).round() as u8 } else { 0 };
        values.iter().map(grey).collect()
    }
}
