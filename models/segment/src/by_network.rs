//! Bones and muscles by a network that a user brings.

use super::given::judge_given;
use super::segmentation::{SegmentError, Segmentation, Segmenter, check_grid};
use coxa_imaging::CtVolume;
use coxa_network::Network;

impl Segmenter for Network {
    fn segment(
        &self,
        ct: &CtVolume,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Segmentation, SegmentError> {
        check_grid(ct)?;
        let (labels, uncertainty) = self.label(ct, progress)?;
        let (metal, findings) = judge_given(ct, &labels);
        Ok(Segmentation { labels, uncertainty, metal, without_streaks: None, findings })
    }
}
