//! Designs of which none is better than another in every group of criteria.

use super::search::PLACING;
use super::tried::Tried;

/// Undominated designs that are kept.
const MOST_UNDOMINATED: usize = 24;

/// Of the designs that were tried with enough samples to be compared, those of which none is better in every group; where these
/// are many, the ones that differ most.
pub(crate) fn undominated(tried: &[Tried]) -> Vec<Tried> {
    let all: Vec<&Tried> = tried.iter().filter(|t| t.samples >= PLACING).collect();
    let mut front: Vec<&Tried> = Vec::new();
    for &one in &all {
        let is_new = !front.iter().any(|kept| places(kept) == places(one));
        if is_new && !all.iter().any(|other| dominates(other, one)) {
            front.push(one);
        }
    }
    let mut kept: Vec<&Tried> = front.first().copied().into_iter().collect();
    while kept.len() < MOST_UNDOMINATED.min(front.len()) {
        let apart = |one: &Tried| kept.iter().map(|other| distance(one, other)).fold(f64::INFINITY, f64::min);
        let furthest =
            front.iter().copied().map(|one| (one, apart(one))).reduce(|a, b| if b.1 > a.1 { b } else { a });
        match furthest {
            Some((one, apart)) if apart > 0.0 => kept.push(one),
            _ => break,
        }
    }
    kept.into_iter().cloned().collect()
}

fn places(tried: &Tried) -> Vec<f64> {
    tried.groups.iter().map(|group| group.desirability).collect()
}

fn dominates(a: &Tried, b: &Tried) -> bool {
    let pairs = || a.groups.iter().zip(&b.groups).map(|(a, b)| (a.desirability, b.desirability));
    pairs().all(|(a, b)| a >= b) && pairs().any(|(a, b)| a > b)
}

fn distance(a: &Tried, b: &Tried) -> f64 {
    places(a).iter().zip(places(b)).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimise::assess::GroupScore;
    use crate::optimise::criteria::Group;
    use crate::optimise::design::{Design, Placement};
    use crate::placed::ComponentNames;
    use coxa_geometry::Angle;

    fn tried(desirabilities: [f64; 2]) -> Tried {
        let components = ComponentNames {
            cup_family: "a".into(),
            cup_size_mm: 52.0,
            liner: "flush".into(),
            lip_direction_deg: None,
            head_mm: 32.0,
            head_offset_mm: 0.0,
            stem_family: "b".into(),
            stem_size: 1,
            neck_shaft_deg: Angle::from_degrees(135.0),
            neck_offset: "standard".into(),
        };
        let placement = Placement::USUAL;
        let groups = [Group::Fixation, Group::Motion].into_iter().zip(desirabilities);
        let groups = groups.map(|(group, desirability)| GroupScore { group, desirability }).collect();
        Tried { design: Design { components, placement }, score: 0.0, success: 0.0, samples: 128, groups }
    }

    #[test]
    fn what_is_worse_in_everything_is_not_kept() {
        let all =
            [tried([0.9, 0.2]), tried([0.5, 0.5]), tried([0.4, 0.4]), tried([0.2, 0.9]), tried([0.5, 0.5])];
        let kept: Vec<Vec<f64>> = undominated(&all).iter().map(places).collect();
        assert_eq!(kept, [vec![0.9, 0.2], vec![0.2, 0.9], vec![0.5, 0.5]]);
    }
}
