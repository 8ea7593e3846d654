//! The names that a mistyped one may have meant.

/// Names less alike than this (Jaro-Winkler) are no suggestion.
const LEAST_LIKENESS: f64 = 0.7;
/// No more than these are suggested.
const MOST: usize = 3;

/// Up to three names among these that are most like another, the nearest first. All ties keep their order.
pub fn nearest<N: AsRef<str>>(name: &str, among: impl IntoIterator<Item = N>) -> Vec<N> {
    let mut alike: Vec<(f64, N)> = among
        .into_iter()
        .map(|known| (strsim::jaro_winkler(name, known.as_ref()), known))
        .filter(|(likeness, _)| *likeness >= LEAST_LIKENESS)
        .collect();
    alike.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    alike.into_iter().take(MOST).map(|(_, known)| known).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_name_finds_its_own_and_nonsense_none() {
        let names = ["cup_coverage", "canal_fill", "stem_version", "stem_varus"];
        assert_eq!(nearest("cup_covrage", names)[0], "cup_coverage");
        assert_eq!(nearest("stem_vers", names)[0], "stem_version");
        assert!(nearest("qqq", names).is_empty());
        assert!(nearest("stem", names).len() <= MOST);
    }
}
