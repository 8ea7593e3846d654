//! The seeds of virtual patients that are as wanted.

use crate::study::VirtualCohort;
use anyhow::{Result, bail};
use coxa_synthetic::{Person, Template};
use rayon::prelude::*;

/// Seeds that are looked at for each patient that is wanted; a cohort of whom there are fewer is refused.
const MOST_TRIES: u64 = 1000;
/// Seeds that are looked at together, on all cores.
const TOGETHER: u64 = 64;

/// The first seeds whose patients are as wanted; `tell` hears how many of how many were found.
///
/// # Errors
/// Too few among as many as are looked at.
pub(super) fn seeds(
    template: &Template,
    wanted: &VirtualCohort,
    tell: &dyn Fn(usize, usize),
) -> Result<Vec<u64>> {
    if wanted.sex.is_none() && wanted.age_years.is_none() {
        return Ok((wanted.first_seed..wanted.first_seed + wanted.count as u64).collect());
    }
    let (mut found, mut looked) = (Vec::new(), 0u64);
    while found.len() < wanted.count {
        if looked >= MOST_TRIES * wanted.count as u64 {
            bail!(
                "of {looked} virtual patients only {} are as [cohort] asks: widen sex, age_years or lower count",
                found.len()
            );
        }
        let next = wanted.first_seed + looked..wanted.first_seed + looked + TOGETHER;
        let is_right = next
            .clone()
            .into_par_iter()
            .map(|seed| Ok(is_wanted(&Person::of(template, &wanted.options(seed))?, wanted)))
            .collect::<Vec<Result<bool>>>();
        for (seed, is_right) in next.zip(is_right) {
            // A seed behind the last that is wanted may be what it likes.
            if found.len() < wanted.count && is_right? {
                found.push(seed);
            }
        }
        looked += TOGETHER;
        tell(found.len().min(wanted.count), wanted.count);
    }
    Ok(found)
}

fn is_wanted(person: &Person, wanted: &VirtualCohort) -> bool {
    wanted.sex.is_none_or(|sex| sex == person.sex)
        && wanted.age_years.is_none_or(|[young, old]| (young..=old).contains(&person.age_years))
}
